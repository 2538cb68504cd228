using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api.Document;

/// <summary>Every call needs a credential, and says of which role, except those that say otherwise, such as the webhook.</summary>
internal sealed class CallAccess : IOperationFilter
{
    public const string SchemeName = "api_key";

    public static OpenApiSecurityScheme Scheme => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        Description = """
            `Authorization: Bearer <credential>`, which is one of

            - an API key of an org with a role: `member` (reads), `admin` (also the billing portal), `owner` (also buys);
            - an API key of the SaaS's own backend, `service`, or of its operators, `operator`: the `Billing-Org` header names the org;
            - a browser token: minutes long, for one org and role, made by a service key for a frontend.
            """,
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
            operation.Description = operation.Description?.Flow();
            return;
        }
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(SchemeName, context.Document)] = [] }];
        if (metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy is { } role)
        {
            operation.Description = $"{operation.Description?.Flow()}\n\nLeast role: `{JsonNamingPolicy.SnakeCaseLower.ConvertName(role)}`.".Trim();
        }
    }
}
