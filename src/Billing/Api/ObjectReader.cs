using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Billing.Api;

/// <summary>Binds a JSON object field by field, resolving <see cref="FieldNames"/>, so that each wrong field gets its own error.</summary>
internal static class ObjectReader
{
    /// <summary>How many wrong fields are named: a body of nothing else would be answered with ten times its size.</summary>
    private const int MaxErrors = 20;

    /// <returns>The bound value, or null if <paramref name="errors"/> received any.</returns>
    public static T? Read<T>(JsonElement json, JsonSerializerOptions options, List<FieldError> errors) where T : class
    {
        var fields = options.GetTypeInfo(typeof(T)).Properties.ToDictionary(property => property.Name);
        var bound = new JsonObject();
        foreach (var given in json.EnumerateObject())
        {
            var name = FieldNames.Aliases.GetValueOrDefault(given.Name, given.Name);
            if (!fields.TryGetValue(name, out var field))
            {
                errors.Add(new FieldError(given.Name, $"'{given.Name}' is not a field of this request.", "unknown_field"));
            }
            else if (ReadValue(given, name, field, options, errors) is { } value)
            {
                Keep(bound, name, given.Name, value, errors);
            }
            if (errors.Count == MaxErrors)
            {
                break;
            }
        }
        return errors.Count == 0 ? bound.Deserialize<T>(options) : null;
    }

    private static JsonNode? ReadValue(
        JsonProperty given, string name, JsonPropertyInfo field, JsonSerializerOptions options, List<FieldError> errors)
    {
        try
        {
            var element = given.Value;
            if (element.ValueKind == JsonValueKind.String
                && FieldNames.ValueAliases.GetValueOrDefault(name)?.GetValueOrDefault(element.GetString()!) is { } ours)
            {
                return JsonValue.Create(ours);
            }
            element.Deserialize(field.PropertyType, options);
            return JsonNode.Parse(element.GetRawText());
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with an unpaired surrogate cannot become a .NET string.
            errors.Add(new FieldError(given.Name, $"'{given.Name}' must be {Describe(field.PropertyType)}.", "invalid_type"));
            return null;
        }
    }

    private static void Keep(JsonObject bound, string name, string givenName, JsonNode value, List<FieldError> errors)
    {
        if (bound.TryGetPropertyValue(name, out var earlier) && !JsonNode.DeepEquals(earlier, value))
        {
            errors.Add(new FieldError(givenName, $"'{givenName}' and another name of '{name}' have different values.", "conflicting_alias"));
            return;
        }
        bound[name] = value;
    }

    private static string Describe(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)),
            _ when plain == typeof(string) => "a string",
            _ when plain == typeof(bool) => "true or false",
            _ => "a whole number",
        };
    }
}
