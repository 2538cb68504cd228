using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>Completes the error's schema: the codes that calls answer, and the details that errors carry.</summary>
internal sealed class ErrorSchemas : IDocumentFilter
{
    private const string Details = "ErrorDetails";

    /// <summary>Whatever an error holds for programs; each kind says in its docs which code it comes with.</summary>
    private static readonly Type[] DetailTypes = [typeof(ValidationDetails), typeof(ConflictDetails), typeof(CreditDetails)];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = context.SchemaRepository.Schemas;
        var fields = ((OpenApiSchema)schemas[nameof(ErrorBody)]).Properties!;
        ((OpenApiSchema)fields["code"]).Enum = [.. Codes(context).Select(code => (JsonNode)JsonValue.Create(code))];
        schemas[Details] = MergeDetails(context);
        fields["details"] = new OpenApiSchema
        {
            Description = fields["details"].Description,
            OneOf = [new OpenApiSchemaReference(Details, swaggerDoc), new OpenApiSchema { Type = JsonSchemaType.Null }],
        };
    }

    private static IEnumerable<string> Codes(DocumentFilterContext context)
    {
        var refusals = context.ApiDescriptions.SelectMany(call => call.ActionDescriptor.EndpointMetadata.OfType<Refusal>()).Select(refusal => refusal.Error);
        return UsualErrors.ByStatus.Values.Select(usual => usual.Error).Concat(refusals)
            .OrderBy(error => error.Status).Select(error => error.Code).Distinct();
    }

    private static OpenApiSchema MergeDetails(DocumentFilterContext context)
    {
        var merged = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "What a program needs to act on an error; which fields there are depends on the code.",
            Properties = new Dictionary<string, IOpenApiSchema>(),
        };
        foreach (var type in DetailTypes)
        {
            context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);
            context.SchemaRepository.Schemas.Remove(type.Name, out var details);
            foreach (var (name, field) in details!.Properties!)
            {
                merged.Properties[name] = field;
            }
        }
        return merged;
    }
}
