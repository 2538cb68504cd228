using System.CommandLine;
using System.Globalization;
using Billing.Authentication;
using Billing.Orgs;
using Billing.Persistence;

namespace Billing.Cli;

internal static class KeysCommand
{
    private const int NoSuchKey = 1;

    public static Command Create() => new("keys", "API keys.") { CreateCreate(), CreateList(), CreateRevoke() };

    private static Command CreateCreate()
    {
        var role = new Option<string>("--role") { Description = "What the key may do.", Required = true };
        role.AcceptOnlyFromAmong([.. Enum.GetNames<Role>().Select(name => name.ToLowerInvariant())]);
        var org = new Option<string?>("--org") { Description = "The org it belongs to; needed for owner, admin and member, refused for the others." };
        var name = new Option<string>("--name") { Description = "A label for people.", DefaultValueFactory = _ => "" };
        var create = new Command("create", "Make a key and print it, once.") { role, org, name };
        create.Validators.Add(parsed =>
        {
            if (parsed.GetValue(org) is { } id && !OrgId.IsValid(id))
            {
                parsed.AddError(OrgId.Rule);
            }
            var forOneOrg = parsed.GetResult(role)?.Tokens is [{ Value: "owner" or "admin" or "member" }];
            if (forOneOrg != parsed.GetValue(org) is not null)
            {
                parsed.AddError(forOneOrg ? "Name the key's org with --org." : "A service or operator key belongs to no org: leave out --org.");
            }
        });
        create.SetAction((parsed, cancellationToken) => BillingProgram.RunAsync([], async app =>
        {
            var keys = app.Services.GetRequiredService<ApiKeys>();
            Console.WriteLine(await keys.CreateAsync(
                Enum.Parse<Role>(parsed.GetValue(role)!, ignoreCase: true), parsed.GetValue(org), parsed.GetValue(name)!, cancellationToken));
        }));
        return create;
    }

    private static Command CreateList()
    {
        var org = new Option<string?>("--org") { Description = "Only keys of this org." };
        var all = new Option<bool>("--all") { Description = "Revoked keys too." };
        var list = new Command("list", "Show the keys' ids and whose they are; the keys themselves are not kept.") { org, all };
        list.SetAction((parsed, cancellationToken) => BillingProgram.RunAsync([], async app =>
        {
            var keys = await app.Services.GetRequiredService<ApiKeys>()
                .ListAsync(parsed.GetValue(org), parsed.GetValue(all), cancellationToken);
            await TextTable.WriteAsync(Console.Out, ["ID", "ROLE", "ORG", "NAME", "CREATED", "REVOKED"], keys.Select(Cells));
        }));
        return list;
    }

    private static IReadOnlyList<string> Cells(ApiKey key) =>
    [
        key.Id, key.Role.ToString().ToLowerInvariant(), key.OrgId ?? "-", key.Name is "" ? "-" : key.Name, Time(key.CreatedAt),
        key.RevokedAt is { } revoked ? Time(revoked) : "-",
    ];

    private static Command CreateRevoke()
    {
        var id = new Argument<string>("id") { Description = "The key's id, as 'keys list' shows it." };
        var revoke = new Command("revoke", "End a key for good, on every host within 30 seconds. Safe to repeat.") { id };
        revoke.SetAction(async (parsed, cancellationToken) =>
        {
            var found = false;
            var code = await BillingProgram.RunAsync([], async app =>
            {
                var revokedAt = await app.Services.GetRequiredService<ApiKeys>().RevokeAsync(parsed.GetValue(id)!, cancellationToken);
                found = revokedAt is not null;
                await (found
                    ? Console.Out.WriteLineAsync($"Revoked at {Time(revokedAt!.Value)}.")
                    : Console.Error.WriteLineAsync("There is no key with this id; 'keys list --all' shows them."));
            });
            return code == 0 && !found ? NoSuchKey : code;
        });
        return revoke;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
