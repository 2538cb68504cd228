using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Billing.Api.Document;

/// <summary>What the generator leaves out of a contract's fields.</summary>
internal static class SchemaFields
{
    /// <summary>Says that URLs are URLs, which words a string may be, and that an enum may be null.</summary>
    /// <param name="schema">Of <paramref name="type"/>.</param>
    /// <param name="type">The contract.</param>
    /// <param name="mustBeThere">Whether the field of this name has a value in every request; false for all of an answer.</param>
    public static void Complete(OpenApiSchema schema, Type type, Func<string, bool> mustBeThere)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = NameOf(property);
            if (!schema.Properties!.TryGetValue(name, out var field))
            {
                continue;
            }
            if (field is OpenApiSchema own)
            {
                Complete(own, name, property);
            }
            else if (field is OpenApiSchemaReference shared && Nullable.GetUnderlyingType(property.PropertyType) is not null && !mustBeThere(name))
            {
                schema.Properties[name] = OrNull(shared);
            }
        }
    }

    /// <summary>The type of the field of this name, without its nullability.</summary>
    public static Type TypeOf(Type contract, string name)
    {
        var type = contract.GetProperties().Single(property => NameOf(property) == name).PropertyType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    /// <summary>The same field under a name that is not to be used any more.</summary>
    public static OpenApiSchema Deprecate(IOpenApiSchema field, string instead)
    {
        var old = (OpenApiSchema)field.CreateShallowCopy();
        old.Deprecated = true;
        old.Description = instead;
        return old;
    }

    private static void Complete(OpenApiSchema field, string name, PropertyInfo property)
    {
        if (name == "url" || name.EndsWith("_url", StringComparison.Ordinal))
        {
            field.Format = "uri";
        }
        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { Values: var words })
        {
            var isNullable = field.Type?.HasFlag(JsonSchemaType.Null) == true;
            field.Enum = [.. words.Select(word => (JsonNode)JsonValue.Create((string)word!)), .. isNullable ? [JsonNullSentinel.JsonNull] : (JsonNode[])[]];
        }
    }

    private static OpenApiSchema OrNull(OpenApiSchemaReference field)
    {
        var description = field.Description;
        field.Description = null;
        return new OpenApiSchema { Description = description, OneOf = [field, new OpenApiSchema { Type = JsonSchemaType.Null }] };
    }

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
}
