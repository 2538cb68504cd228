using FluentValidation;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>What is particular to answers: every field is always there, if only as null, and later versions may add some.</summary>
internal sealed class AnswerSchemas(IServiceProvider services) : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } fields } answer
            || services.GetService(typeof(IValidator<>).MakeGenericType(context.Type)) is not null)
        {
            return;
        }
        answer.Required = fields.Keys.ToHashSet();
        answer.AdditionalPropertiesAllowed = true;
        SchemaFields.Complete(answer, context.Type, _ => false);
        foreach (var (other, name) in FieldNames.AnswerAliases)
        {
            if (fields.TryGetValue(other, out var field))
            {
                fields[other] = SchemaFields.Deprecate(field, $"The same as `{name}`: use that.");
            }
        }
    }
}
