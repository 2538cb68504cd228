using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>
/// What is particular to requests, which are the types with a validator: the validator's own rules, and the other names and values of
/// <see cref="FieldNames"/>. Unknown fields are refused.
/// </summary>
internal sealed class RequestSchemas(IServiceProvider services) : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } fields } request
            || services.GetService(typeof(IValidator<>).MakeGenericType(context.Type)) is not IValidator validator)
        {
            return;
        }
        ValidatorBounds.Apply(validator, request);
        SchemaFields.Complete(request, context.Type, name => request.Required?.Contains(name) == true);
        foreach (var (name, values) in FieldNames.ValueAliases)
        {
            if (fields.TryGetValue(name, out var field))
            {
                fields[name] = WithOtherValues(field, values, SchemaFields.TypeOf(context.Type, name));
            }
        }
        foreach (var (other, name) in FieldNames.Aliases)
        {
            if (fields.TryGetValue(name, out var field))
            {
                fields[other] = SchemaFields.Deprecate(field, $"Use `{name}`.");
            }
        }
    }

    /// <summary>The enum, spelled out with the values that are taken too.</summary>
    private static OpenApiSchema WithOtherValues(IOpenApiSchema field, IReadOnlyDictionary<string, string> values, Type type)
    {
        var words = Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).Concat(values.Keys);
        var deprecated = values.Select(value => $" `{value.Key}` is deprecated: use `{value.Value}`.");
        return new OpenApiSchema
        {
            Type = JsonSchemaType.String | JsonSchemaType.Null,
            Description = field.Description + string.Concat(deprecated),
            Enum = [.. words.Select(word => (JsonNode)JsonValue.Create(word)), JsonNullSentinel.JsonNull],
        };
    }
}
