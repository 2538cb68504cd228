using System.Text.Json.Nodes;

namespace StripeSandbox.State;

/// <summary>Reading and building the JSON objects that are the sandbox's state.</summary>
internal static class JsonFields
{
    public static string Id(this JsonObject json) => json.Text("id");

    public static string Type(this JsonObject json) => json.Text("object");

    public static string Text(this JsonObject json, string name) =>
        json.TextOrNull(name) ?? throw new InvalidOperationException($"'{name}' is null in {json.TextOrNull("id")}.");

    public static string? TextOrNull(this JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long Number(this JsonObject json, string name) =>
        json.NumberOrNull(name) ?? throw new InvalidOperationException($"'{name}' is null in {json.TextOrNull("id")}.");

    public static long? NumberOrNull(this JsonObject json, string name) => json[name] switch
    {
        JsonValue value when value.TryGetValue<long>(out var number) => number,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => null,
    };

    public static bool Flag(this JsonObject json, string name) =>
        json[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static JsonObject Object(this JsonObject json, string name) =>
        json[name] as JsonObject ?? throw new InvalidOperationException($"'{name}' is not an object in {json.TextOrNull("id")}.");

    /// <summary>The elements of an array, or of an embedded list's <c>data</c>.</summary>
    public static IEnumerable<JsonObject> Elements(this JsonObject json, string name) => json[name] switch
    {
        JsonArray array => array.OfType<JsonObject>(),
        JsonObject list => list["data"]!.AsArray().OfType<JsonObject>(),
        _ => [],
    };

    /// <summary>
    /// Adds the named keys as explicit nulls and orders the keys as Stripe does (id, object, then by name): Stripe
    /// sends every nullable field, and clients rely on it.
    /// </summary>
    public static JsonObject WithNulls(this JsonObject json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            json.TryAdd(name, null);
        }

        var fields = json.OrderBy(field => field.Key switch { "id" => 0, "object" => 1, _ => 2 })
            .ThenBy(field => field.Key, StringComparer.Ordinal).ToArray();
        json.Clear();
        foreach (var (name, value) in fields)
        {
            json.Add(name, value);
        }

        return json;
    }

    public static JsonObject List(string url, IEnumerable<JsonObject> data, bool hasMore = false) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. data]),
        ["has_more"] = hasMore,
        ["url"] = url,
    };

    public static JsonObject Clone(this JsonObject json) => (JsonObject)json.DeepClone();
}
