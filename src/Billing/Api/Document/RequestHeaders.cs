using System.Text.Json.Nodes;
using Billing.Authentication;
using Billing.Idempotency;
using Billing.Orgs;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>
/// The headers that a call takes: <c>X-Request-Id</c> always, <c>Billing-Org</c> where there is a <see cref="Caller"/>,
/// <c>Idempotency-Key</c> where an answer can be stored, and its own; and the parameters of its path and query.
/// </summary>
internal sealed class RequestHeaders : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var parameters = operation.Parameters ??= [];
        foreach (var own in metadata.OfType<OwnHeader>())
        {
            parameters.Add(new OpenApiParameter
            {
                Name = own.Name,
                In = ParameterLocation.Header,
                Required = true,
                Description = own.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
        foreach (var own in metadata.OfType<OwnPath>())
        {
            parameters.Add(Own(ParameterLocation.Path, own.Name, own.Description, own.Example));
        }
        foreach (var own in metadata.OfType<OwnQuery>())
        {
            parameters.Add(Own(ParameterLocation.Query, own.Name, own.Description, own.Example));
        }
        if (context.MethodInfo.GetParameters().Any(parameter => parameter.ParameterType == typeof(Caller)))
        {
            parameters.Add(Refer(BillingOrg(), context.Document));
        }
        if (metadata.OfType<IdempotentCall>().FirstOrDefault() is { } call)
        {
            parameters.Add(call.IsRequired ? RequiredKey() : Refer(IdempotencyKey(), context.Document));
            AddReplays(operation.Responses!, context.Document);
        }
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            parameters.Add(Refer(RequestId(), context.Document));
        }
    }

    /// <summary>What is stored is sent again marked: see <see cref="Answer.IsStored"/>. An answer that others share is about the moment.</summary>
    private static void AddReplays(OpenApiResponses responses, OpenApiDocument document)
    {
        foreach (var stored in new[] { "200", "402", "409" })
        {
            if (responses.TryGetValue(stored, out var response))
            {
                (response as OpenApiResponse)?.AddHeaders(document, AnswerHeaders.Replayed);
            }
        }
    }

    private static OpenApiParameterReference Refer(OpenApiParameter parameter, OpenApiDocument document)
    {
        parameter.In = ParameterLocation.Header;
        ((document.Components ??= new()).Parameters ??= new Dictionary<string, IOpenApiParameter>()).TryAdd(parameter.Name!, parameter);
        return new OpenApiParameterReference(parameter.Name!, document);
    }

    private static OpenApiParameter BillingOrg() => new()
    {
        Name = Caller.OrgHeader,
        Description = "The org that is meant. Required with a service or operator key; an org's own key or token means that org.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = $"^{OrgId.Pattern}$", Examples = [JsonValue.Create("acme")] },
    };

    private static OpenApiParameter IdempotencyKey() => new()
    {
        Name = KeyHeader.Name,
        Description = "Names this request, so that it can be sent again safely: within 24 hours the same request gets the same answer, with "
            + "`Idempotent-Replayed: true`. Another request under the key gets 422, the same one while the first runs 409. Printable ASCII, such as a UUID.",
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Pattern = "^[ -~]+$",
            MinLength = 1,
            MaxLength = KeyHeader.MaxLength,
            Examples = [JsonValue.Create("5b1c1a1e-6d0c-4a7e-9a55-0c6f6f6f2d11")],
        },
    };

    private static OpenApiParameter Own(ParameterLocation where, string name, string description, string example) => new()
    {
        Name = name,
        In = where,
        Required = where == ParameterLocation.Path,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = [JsonValue.Create(example)] },
    };

    private static OpenApiParameter RequiredKey()
    {
        var key = IdempotencyKey();
        (key.In, key.Required) = (ParameterLocation.Header, true);
        return key;
    }

    private static OpenApiParameter RequestId() => new()
    {
        Name = RequestIds.Header,
        Description = "An id of the caller's own for the request: 1 to 64 letters, digits, `_`, `.` or `-`. Another gets one of ours.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
