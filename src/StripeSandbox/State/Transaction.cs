using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;

namespace StripeSandbox.State;

/// <summary>
/// One atomic change of an account: it sees its own writes, and nothing of it remains if it is not committed. Runs
/// under the account's lock. Objects found are shared: change only what <see cref="Edit"/> or <see cref="Add"/> gave.
/// </summary>
internal sealed class Transaction(ObjectTable table, Rendering rendering, BillingRules rules, RequestOrigin origin, long now)
{
    private readonly Dictionary<string, JsonObject> _written = new(StringComparer.Ordinal);
    private readonly List<string> _added = [];
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);

    /// <summary>The sandbox's time, unix seconds; the same for everything that one transaction does.</summary>
    public long Now { get; } = now;

    public BillingRules Rules { get; } = rules;

    /// <summary>The API request that caused this, which its events name; empty for what happens by itself.</summary>
    public RequestOrigin Origin { get; } = origin;

    public IReadOnlyCollection<JsonObject> Written => _written.Values;

    public IReadOnlyCollection<string> Removed => _removed;

    public JsonObject? Find(string type, string id) => Find(id) is { } json && json.Type() == type ? json : null;

    public JsonObject? Find(string id) =>
        _removed.Contains(id) ? null : _written.GetValueOrDefault(id) ?? table.Find(id);

    /// <summary>Whether the id is taken, be it only until this transaction removed its object.</summary>
    public bool Exists(string id) => Find(id) is not null || _removed.Contains(id);

    public JsonObject Get(string type, string id) =>
        Find(type, id) ?? throw new InvalidOperationException($"No {type} {id}.");

    public IEnumerable<JsonObject> NewestFirst(string type)
    {
        var added = _added.AsEnumerable().Reverse().Select(Find).OfType<JsonObject>().Where(json => json.Type() == type);
        return added.Concat(table.NewestFirst(type).Select(json => Find(json.Id())).OfType<JsonObject>());
    }

    /// <summary>A new object. Ids are never used twice.</summary>
    public JsonObject Add(JsonObject json)
    {
        if (Exists(json.Id()))
        {
            throw new InvalidOperationException($"There is a {json.Id()} already.");
        }

        _added.Add(json.Id());
        _written[json.Id()] = json;
        return json;
    }

    /// <summary>The object for changing; the change takes effect when the transaction commits.</summary>
    public JsonObject Edit(JsonObject json)
    {
        var id = json.Id();
        if (_written.TryGetValue(id, out var written))
        {
            return written;
        }

        return _written[id] = (Find(id) ?? throw new InvalidOperationException($"No object {id}.")).Clone();
    }

    /// <summary>Takes the place of the object with the same id, if there is one.</summary>
    public void Put(JsonObject json) => _written[json.Id()] = json;

    public void Remove(string id)
    {
        _written.Remove(id);
        _added.Remove(id);
        if (table.Find(id) is not null)
        {
            _removed.Add(id);
        }
    }

    /// <summary>The object as a client sees it.</summary>
    public JsonObject Render(JsonObject json) => rendering.Render(json, Find);
}

/// <summary>The request that an event reports as its cause; both null for automatic events.</summary>
internal sealed record RequestOrigin(string? RequestId = null, string? IdempotencyKey = null)
{
    public static readonly RequestOrigin None = new();
}
