using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Billing.Tests.World;

/// <summary>
/// Checks JSON against the part of JSON Schema (OpenAPI 3.1) that the contract uses. Stricter in one point: a field that the schema does
/// not name is a problem in answers too, so that none is undocumented. A keyword that it does not know fails the test.
/// </summary>
internal sealed class SchemaCheck(ContractDocument contract)
{
    private static readonly string[] Known =
    [
        "type", "properties", "required", "additionalProperties", "items", "enum", "oneOf", "format", "pattern", "minLength", "maxLength", "minimum",
        "maximum", "description", "deprecated", "examples", "$ref",
    ];

    /// <returns>What does not fit, with its place; empty if all does.</returns>
    public IReadOnlyList<string> Problems(JsonNode? json, JsonNode schema, string at = "$")
    {
        schema = contract.Follow(schema)!;
        Assert.All(schema.AsObject(), keyword => Assert.Contains(keyword.Key, Known));
        if (schema["oneOf"] is JsonArray options)
        {
            var fits = options.Count(option => Problems(json, option!, at).Count == 0);
            return fits == 1 ? [] : [$"{at}: fits {fits} of {options.Count} alternatives"];
        }
        var types = schema["type"] is JsonArray several ? several.Select(type => (string)type!) : schema["type"] is { } one ? [(string)one!] : [];
        if (types.Any() && !types.Contains(TypeOf(json)))
        {
            return [$"{at}: is {TypeOf(json)} and not {string.Join(" or ", types)}"];
        }
        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, json)))
        {
            return [$"{at}: '{json}' is none of {words.ToJsonString()}"];
        }
        return json switch
        {
            JsonObject fields => FieldProblems(fields, schema, at),
            JsonArray items => [.. items.SelectMany((item, i) => Problems(item, schema["items"]!, $"{at}[{i}]"))],
            null => [],
            _ => ValueProblems(json, schema, at),
        };
    }

    private List<string> FieldProblems(JsonObject fields, JsonNode schema, string at)
    {
        if (schema["properties"] is not JsonObject properties)
        {
            return []; // a body that is not ours, such as Stripe's event
        }
        var missing = schema["required"]?.AsArray().Select(name => (string)name!).Where(name => !fields.ContainsKey(name)) ?? [];
        return
        [
            .. missing.Select(name => $"{at}.{name}: missing"),
            .. fields.SelectMany(field => properties[field.Key] is { } property
                ? Problems(field.Value, property, $"{at}.{field.Key}")
                : [$"{at}.{field.Key}: not in the contract"]),
        ];
    }

    private static List<string> ValueProblems(JsonNode json, JsonNode schema, string at)
    {
        var text = json.ToString();
        var isRight = (string?)schema["format"] switch
        {
            "date-time" => DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            "email" => text.Contains('@'),
            "int32" => int.TryParse(text, CultureInfo.InvariantCulture, out _),
            "int64" or null => true,
            var format => throw new NotSupportedException($"{at}: format {format}"),
        };
        isRight &= schema["pattern"] is not { } pattern || Regex.IsMatch(text, (string)pattern!);
        isRight &= schema["minLength"] is not { } least || text.Length >= (int)least;
        isRight &= schema["maxLength"] is not { } most || text.Length <= (int)most;
        isRight &= schema["minimum"] is not { } low || (decimal)json >= (decimal)low;
        isRight &= schema["maximum"] is not { } high || (decimal)json <= (decimal)high;
        return isRight ? [] : [$"{at}: '{text}' is not as {schema.ToJsonString()} says"];
    }

    private static string TypeOf(JsonNode? json) => json?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => json.AsValue().TryGetValue<long>(out _) ? "integer" : "number",
        _ => "string",
    };
}
