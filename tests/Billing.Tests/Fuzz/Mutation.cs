using System.Text;
using System.Text.Json.Nodes;

namespace Billing.Tests.Fuzz;

/// <summary>Makes of a good event one that no receiver expects. The same random numbers make the same event.</summary>
internal sealed class Mutation(Random random, IReadOnlyList<JsonNode> fixtures)
{
    private const string Gap = "@gap@";

    private static readonly string[] Numbers =
    [
        "99999999999999999999", "9223372036854775808", "-9223372036854775808", "1e400", "-1e400", "1e-400", "-1", "0", "0.5", "253402300800",
        "18446744073709551616", new('9', 4000), "-0", "1E3",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "\"\"", "\"soon\"", "{}", "[]", "[null]", "[[]]", "{\"\":null}", "{\"object\":\"list\",\"data\":{}}", "{\"id\":{}}", "[1,\"a\",{}]",
    ];

    private static readonly string[] Texts =
    [
        @"""\u0000""", @"""\ud800""", @"""\udc00\ud800""", @"""%00/../..?&#""", @"""'; DROP TABLE orgs; --""", "\"\u202e\ufeff\"", @"""{0} {id} @p0""",
    ];

    /// <param name="id">The event's, unless the mutation changes it.</param>
    public byte[] Make(string id)
    {
        var e = fixtures[random.Next(fixtures.Count)].DeepClone();
        e["id"] = id;
        return random.Next(10) switch
        {
            0 => FlipBits(Bytes(e.ToJsonString())),
            1 => Truncate(Bytes(e.ToJsonString())),
            2 => Put(e, Numbers[random.Next(Numbers.Length)]),
            3 => Put(e, Nest(random.Next(1, 20_000))),
            4 => RepeatKeys(e),
            5 => Put(e, Values[random.Next(Values.Length)]),
            6 => Put(e, random.Next(10) == 0 ? $"\"{new string('x', random.Next(500_000))}\"" : Texts[random.Next(Texts.Length)]),
            7 => Remove(e),
            8 => Swap(e),
            _ => Bytes(e.ToJsonString()),
        };
    }

    private byte[] FlipBits(byte[] body)
    {
        for (var flips = random.Next(1, 9); flips > 0; flips--)
        {
            body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
        }
        return body;
    }

    private byte[] Truncate(byte[] body) => body[..random.Next(body.Length)];

    /// <summary>Any JSON, and what is nearly JSON, in the place of any value.</summary>
    private byte[] Put(JsonNode e, string json)
    {
        var (parent, key) = Pick(e);
        Set(parent, key, Gap);
        if (ReferenceEquals(parent, e) && key is "id" && json.EndsWith('"'))
        {
            json = $"{json[..^1]}{random.NextInt64():x16}\""; // two events of one id would be one event
        }
        return Bytes(e.ToJsonString().Replace($"\"{Gap}\"", json));
    }

    private string Nest(int depth) => random.Next(3) switch
    {
        0 => new string('[', depth) + new string(']', depth),
        1 => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth),
        _ => new string('[', depth),
    };

    private byte[] RepeatKeys(JsonNode e)
    {
        var body = e.ToJsonString();
        var (parent, key) = Pick(e);
        if (parent is not JsonObject fields)
        {
            return Bytes(body);
        }
        // The same name a second time, before or after the first, with another value.
        var (other, first) = ($"\"{key}\":\"twice_{Guid.NewGuid():N}\"", random.Next(2) == 0);
        var value = fields[(string)key]?.DeepClone();
        fields[(string)key] = Gap;
        var original = $"\"{key}\":{value?.ToJsonString() ?? "null"}";
        return Bytes(e.ToJsonString().Replace($"\"{key}\":\"{Gap}\"", first ? $"{other},{original}" : $"{original},{other}"));
    }

    private byte[] Remove(JsonNode e)
    {
        var (parent, key) = Pick(e);
        if (parent is JsonObject fields)
        {
            fields.Remove((string)key);
        }
        else
        {
            ((JsonArray)parent).RemoveAt((int)key);
        }
        return Bytes(e.ToJsonString());
    }

    /// <summary>The object of one type in an event of another.</summary>
    private byte[] Swap(JsonNode e)
    {
        e["data"]!["object"] = fixtures[random.Next(fixtures.Count)]["data"]!["object"]!.DeepClone();
        return Bytes(e.ToJsonString());
    }

    private (JsonNode Parent, object Key) Pick(JsonNode e)
    {
        var places = new List<(JsonNode, object)>();
        // The envelope's few fields as often as the object's many.
        Collect(random.Next(4) == 0 ? e : e["data"]!["object"]!, places);
        return places[random.Next(random.Next(2) == 0 ? Math.Min(12, places.Count) : places.Count)];
    }

    private static void Collect(JsonNode? node, List<(JsonNode, object)> places)
    {
        var inside = node switch
        {
            JsonObject fields => fields.Select(field => (field.Value, Key: (object)field.Key)).ToList(),
            JsonArray items => [.. items.Select((item, i) => (item, (object)i))],
            _ => [],
        };
        places.AddRange(inside.Select(part => (node!, part.Key)));
        inside.ForEach(part => Collect(part.Value, places));
    }

    private static void Set(JsonNode parent, object key, JsonNode value)
    {
        if (parent is JsonObject fields)
        {
            fields[(string)key] = value;
        }
        else
        {
            ((JsonArray)parent)[(int)key] = value;
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
