using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>Puts a call's examples where they belong; they are objects of its contracts, so they cannot have another shape.</summary>
internal sealed class CallExamples(IOptions<JsonOptions> options) : IOperationFilter
{
    private readonly JsonSerializerOptions _answers = options.Value.SerializerOptions;

    private readonly JsonSerializerOptions _requests =
        new(options.Value.SerializerOptions) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var example in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<CallExample>())
        {
            var content = example.Status is { } status ? operation.Responses?[$"{status}"].Content : operation.RequestBody?.Content;
            if (content is null || !content.TryGetValue("application/json", out var body) || body is not OpenApiMediaType json)
            {
                throw new InvalidOperationException($"{operation.OperationId} has an example of a body that it does not declare.");
            }
            (json.Examples ??= new Dictionary<string, IOpenApiExample>())[example.Name] = new OpenApiExample
            {
                Value = JsonSerializer.SerializeToNode(example.Body, example.Status is null ? _requests : _answers)!,
            };
        }
    }
}
