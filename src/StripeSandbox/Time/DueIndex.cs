using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Time;

/// <summary>
/// The objects of an account that will change by themselves, in the order of their instants (unix seconds), ties by
/// id. Derived from the objects, so it needs no keeping of its own.
/// </summary>
internal sealed class DueIndex
{
    private readonly SortedSet<(long At, string Id)> _order = [];
    private readonly Dictionary<string, long> _byId = new(StringComparer.Ordinal);

    public (long At, string Id)? Next => _order.Count == 0 ? null : _order.Min;

    public void Put(JsonObject json)
    {
        var id = json.Id();
        Remove(id);
        if (DueInstants.Of(json) is not { } at)
        {
            return;
        }

        _byId[id] = at;
        _order.Add((at, id));
    }

    public void Remove(string id)
    {
        if (_byId.Remove(id, out var at))
        {
            _order.Remove((at, id));
        }
    }
}
