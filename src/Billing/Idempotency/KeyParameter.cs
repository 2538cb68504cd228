using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Idempotency;

/// <summary>Declares the header in the contract, and that of a replay, for the calls that take it.</summary>
internal sealed class KeyParameter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IdempotentCall>().FirstOrDefault() is not { } call)
        {
            return;
        }
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = KeyHeader.Name,
            In = ParameterLocation.Header,
            Required = call.IsRequired,
            Description = "Names this request, so that it can be sent again safely: within 24 hours the same request gets the same answer, with `Idempotent-Replayed: true`.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = KeyHeader.MaxLength },
        });
    }
}
