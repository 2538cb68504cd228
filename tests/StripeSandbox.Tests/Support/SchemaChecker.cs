using System.Text.Json;
using System.Text.Json.Nodes;

namespace StripeSandbox.Tests.Support;

/// <summary>
/// Checks JSON against the part of OpenAPI 3.0 that Stripe's description uses. Stricter than the format in one point:
/// a field that the schema does not know is a problem, so that the sandbox invents none.
/// </summary>
internal sealed class SchemaChecker(JsonObject components)
{
    public IReadOnlyList<string> Check(JsonNode? json, JsonNode schema, string at = "$")
    {
        if (schema["$ref"] is { } reference)
        {
            return Check(json, Resolve(reference.GetValue<string>()), at);
        }

        if (json is null)
        {
            return IsNullable(schema) ? [] : [$"{at}: may not be null"];
        }

        if (schema["x-pruned"] is not null)
        {
            return [];
        }

        if (schema["anyOf"] is JsonArray options)
        {
            return CheckAny(json, options, at);
        }

        return schema["type"]?.GetValue<string>() switch
        {
            "object" => CheckObject(json, schema, at),
            "array" => CheckArray(json, schema, at),
            "string" => CheckString(json, schema, at),
            "integer" => json.GetValueKind() == JsonValueKind.Number && json.AsValue().TryGetValue<long>(out _) ? [] : [$"{at}: not an integer"],
            "number" => json.GetValueKind() == JsonValueKind.Number ? [] : [$"{at}: not a number"],
            "boolean" => json.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? [] : [$"{at}: not a boolean"],
            _ => schema["properties"] is null ? [] : CheckObject(json, schema, at),
        };
    }

    private JsonNode Resolve(string reference) => components[reference["#/components/schemas/".Length..]]!;

    private static bool IsNullable(JsonNode schema) =>
        schema["nullable"]?.GetValue<bool>() == true || (schema["anyOf"] is JsonArray options && options.Any(option => option!["$ref"] is null && IsNullable(option)));

    // The alternative that fits best explains what is wrong.
    private IReadOnlyList<string> CheckAny(JsonNode json, JsonArray options, string at) =>
        options.Select(option => Check(json, option!, at)).MinBy(problems => problems.Count)!;

    private List<string> CheckObject(JsonNode json, JsonNode schema, string at)
    {
        if (json is not JsonObject fields)
        {
            return [$"{at}: not an object", $"{at}: (so no alternative of this kind)"];
        }

        var properties = schema["properties"] as JsonObject;
        var problems = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>())
            .Where(name => !fields.ContainsKey(name)).Select(name => $"{at}.{name}: missing").ToList();
        foreach (var (name, value) in fields)
        {
            if (properties?[name] is { } property)
            {
                problems.AddRange(Check(value, property, $"{at}.{name}"));
            }
            else if (schema["additionalProperties"] is JsonObject values)
            {
                problems.AddRange(Check(value, values, $"{at}.{name}"));
            }
            else if (properties is not null && schema["additionalProperties"] is null)
            {
                problems.Add($"{at}.{name}: unknown field");
            }
        }
        return problems;
    }

    private List<string> CheckArray(JsonNode json, JsonNode schema, string at) =>
        json is JsonArray items ? [.. items.SelectMany((item, i) => Check(item, schema["items"]!, $"{at}[{i}]"))] : [$"{at}: not an array"];

    private static IReadOnlyList<string> CheckString(JsonNode json, JsonNode schema, string at)
    {
        if (json.GetValueKind() != JsonValueKind.String)
        {
            return [$"{at}: not a string"];
        }

        var text = json.GetValue<string>();
        if (schema["maxLength"] is { } max && text.Length > max.GetValue<int>())
        {
            return [$"{at}: longer than {max}"];
        }

        if (schema["enum"] is JsonArray allowed && schema["x-open-enum"] is null && !allowed.Any(value => value!.ToString() == text))
        {
            return [$"{at}: '{text}' is not allowed"];
        }

        return [];
    }
}
