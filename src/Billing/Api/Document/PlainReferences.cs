using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>Where a body refers to its schema, the schema's own words are not repeated.</summary>
internal sealed class PlainReferences : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var answers = (operation.Responses ?? []).Values.Concat((context.Document.Components?.Responses ?? new Dictionary<string, IOpenApiResponse>()).Values);
        var bodies = answers.OfType<OpenApiResponse>().Select(answer => answer.Content).Append(operation.RequestBody?.Content);
        foreach (var content in bodies.SelectMany(body => body?.Values.AsEnumerable() ?? []))
        {
            if (content.Schema is OpenApiSchemaReference reference)
            {
                reference.Description = null;
            }
        }
    }
}
