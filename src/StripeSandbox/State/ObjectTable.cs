using System.Text.Json.Nodes;

namespace StripeSandbox.State;

/// <summary>
/// The objects of one account by id, and for each type in the order of their creation. Not safe for concurrent
/// use: the account's lock guards it. A stored object is never changed in place, only replaced.
/// </summary>
internal sealed class ObjectTable
{
    private readonly Dictionary<string, JsonObject> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byType = new(StringComparer.Ordinal);

    /// <summary>Every object, those of a type oldest first.</summary>
    public IEnumerable<JsonObject> All => _byType.Values.SelectMany(ids => ids).Select(id => _byId[id]);

    public JsonObject? Find(string id) => _byId.GetValueOrDefault(id);

    public IEnumerable<JsonObject> NewestFirst(string type)
    {
        if (!_byType.TryGetValue(type, out var ids))
        {
            yield break;
        }

        for (var i = ids.Count - 1; i >= 0; i--)
        {
            yield return _byId[ids[i]];
        }
    }

    public void Put(JsonObject json)
    {
        var id = json.Id();
        if (!_byId.ContainsKey(id))
        {
            if (!_byType.TryGetValue(json.Type(), out var ids))
            {
                _byType[json.Type()] = ids = [];
            }

            ids.Add(id);
        }
        _byId[id] = json;
    }

    public void Remove(string id)
    {
        if (_byId.Remove(id, out var json))
        {
            _byType[json.Type()].Remove(id);
        }
    }
}
