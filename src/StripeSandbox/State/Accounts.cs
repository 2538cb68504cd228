using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;

namespace StripeSandbox.State;

/// <summary>The accounts of the sandbox, one per API key, made on first use. Safe for concurrent use.</summary>
internal sealed class Accounts(Journal journal, Rendering rendering, BillingRules rules, SandboxClock clock)
{
    private readonly ConcurrentDictionary<string, Account> _byId = new(StringComparer.Ordinal);

    public event Action<Account, IReadOnlyCollection<JsonObject>>? Committed;

    public IEnumerable<Account> All => _byId.Values;

    public Account ForKey(string apiKey) => WithId(Ids.Account(apiKey));

    public Account WithId(string id) => _byId.GetOrAdd(id, Open);

    /// <summary>The account that holds an object: for hosted pages and the control API, which carry no key.</summary>
    public Account? Holding(string type, string id) =>
        _byId.Values.FirstOrDefault(account => account.Execute(RequestOrigin.None, transaction => transaction.Find(type, id)) is not null);

    /// <summary>Applies one line of the journal, before anything else uses the accounts.</summary>
    public void Restore(JsonObject line)
    {
        var account = WithId(line.Text("account"));
        var put = line["put"]!.AsArray();
        var objects = put.OfType<JsonObject>().ToArray();
        put.Clear();
        foreach (var json in objects)
        {
            account.Restore(json);
        }

        foreach (var id in line["removed"]!.AsArray())
        {
            account.Forget(id!.GetValue<string>());
        }
    }

    private Account Open(string id)
    {
        var account = new Account(id, journal, rendering, rules, clock);
        account.Committed += (changed, objects) => Committed?.Invoke(changed, objects);
        return account;
    }
}
