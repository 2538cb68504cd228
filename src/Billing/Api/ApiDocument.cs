using Billing.Idempotency;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api;

/// <summary>The contract as the host serves it; <c>openapi.yaml</c> at the root of the repository is held to it by a test.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    private const string SecurityScheme = "api_key";

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(Name, new OpenApiInfo { Title = "Billing", Version = "1.0", Description = "Plans and credits of organizations, sold through Stripe." });
            swagger.SupportNonNullableReferenceTypes();
            swagger.NonNullableReferenceTypesAsRequired();
            swagger.AddSecurityDefinition(SecurityScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key of the service.",
            });
            swagger.OperationFilter<KeyRequirement>();
            swagger.OperationFilter<KeyParameter>();
            swagger.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, "Billing.xml"));
        });
    }

    /// <summary>Every call needs a key, except those that say otherwise, such as the webhook.</summary>
    private sealed class KeyRequirement : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
            {
                operation.Security = [new() { [new OpenApiSecuritySchemeReference(SecurityScheme, context.Document)] = [] }];
            }
        }
    }

    /// <summary>Swagger UI and the document itself, for developers only.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.UseSwagger();
            app.UseSwaggerUI();
        }
    }
}
