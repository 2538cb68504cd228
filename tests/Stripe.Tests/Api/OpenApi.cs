using System.Text.Json;

namespace Stripe.Tests.Api;

/// <summary>Stripe's own description of its API, as far as these tests ask it.</summary>
internal sealed class OpenApi
{
    private const string Variable = "STRIPE_OPENAPI";

    private readonly JsonElement _root;

    private OpenApi(JsonElement root) => _root = root;

    public static OpenApi LoadOrSkip()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path))
        {
            Assert.Skip($"{Variable} is not set.");
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new(document.RootElement.Clone());
    }

    public string Version => _root.GetProperty("info").GetProperty("version").GetString()!;

    public IEnumerable<string> EventTypes => _root.GetProperty("x-event-types").EnumerateObject().Select(type => type.Name);

    public JsonElement? Schema(string name) => Find(_root.GetProperty("components").GetProperty("schemas"), name);

    public JsonElement? Operation(string verb, string path)
    {
        var wanted = path.Split('/');
        return _root.GetProperty("paths").EnumerateObject()
            .Where(candidate => Matches(candidate.Name.Split('/'), wanted))
            .Select(candidate => Find(candidate.Value, verb.ToLowerInvariant()))
            .FirstOrDefault(operation => operation is not null);
    }

    /// <summary>The schema of a parameter, wherever the operation takes it.</summary>
    public JsonElement? Parameter(JsonElement operation, string name)
    {
        if (Find(operation, "parameters") is { } parameters)
        {
            foreach (var parameter in parameters.EnumerateArray())
            {
                if (parameter.GetProperty("name").GetString() == name)
                {
                    return parameter.GetProperty("schema");
                }
            }
        }

        return Find(operation, "requestBody", "content", "application/x-www-form-urlencoded", "schema") is { } body
            ? Property(body, name)
            : null;
    }

    /// <summary>The values of "object" that an answer, or an element of a listed one, may have.</summary>
    public IEnumerable<string> AnswerObjects(JsonElement operation) =>
        from candidate in Objects(Find(operation, "responses", "200", "content", "application/json", "schema") ?? default)
        from name in Find(candidate, "properties", "object", "enum")?.EnumerateArray() ?? default
        select name.GetString()!;

    /// <summary>A property of an object, through references, alternatives, arrays and list envelopes.</summary>
    public JsonElement? Property(JsonElement schema, string name) =>
        Objects(schema).Select(candidate => Find(candidate, "properties", name)).FirstOrDefault(found => found is not null);

    /// <summary>Every object schema that a value of this schema, or an element of it, may have.</summary>
    public IEnumerable<JsonElement> Objects(JsonElement schema)
    {
        if (Find(schema, "$ref") is { } reference)
        {
            return Objects(Schema(reference.GetString()!.Split('/')[^1])!.Value);
        }

        if (Find(schema, "anyOf") is { } alternatives)
        {
            return alternatives.EnumerateArray().SelectMany(Objects);
        }

        if (Find(schema, "items") is { } items)
        {
            return Objects(items);
        }

        return IsList(schema) ? Objects(Find(schema, "properties", "data")!.Value) : [schema];
    }

    public static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var step in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(step, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static bool IsList(JsonElement schema) =>
        Find(schema, "properties", "object", "enum") is { } names && names[0].GetString() == "list";

    private static bool Matches(string[] template, string[] path) =>
        template.Length == path.Length
        && template.Zip(path).All(pair => pair.First.StartsWith('{') ? pair.Second == "ID" : pair.First == pair.Second);
}
