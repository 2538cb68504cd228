using Billing.Authentication;
using Billing.Idempotency;
using Billing.Orgs;
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
                Description = "An API key of the service, or a browser token that a service key made.",
            });
            swagger.OperationFilter<KeyRequirement>();
            swagger.OperationFilter<KeyParameter>();
            swagger.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, "Billing.xml"));
        });
    }

    /// <summary>
    /// What holds for every call but those that say otherwise, such as the webhook: it needs a key and is limited. One that takes a
    /// <see cref="Caller"/> takes its header.
    /// </summary>
    private sealed class KeyRequirement : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
            {
                return;
            }
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(SecurityScheme, context.Document)] = [] }];
            if (context.MethodInfo.GetParameters().Any(parameter => parameter.ParameterType == typeof(Caller)))
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = Caller.OrgHeader,
                    In = ParameterLocation.Header,
                    Description = "The org that is meant. Required with a service or operator key; an org's own key or token means that org.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = $"^{OrgId.Pattern}$" },
                });
            }
            AddLimit(operation, context);
        }

        private static void AddLimit(OpenApiOperation operation, OperationFilterContext context)
        {
            var error = context.SchemaGenerator.GenerateSchema(typeof(ErrorResponse), context.SchemaRepository);
            (operation.Responses ??= []).TryAdd("429", new OpenApiResponse
            {
                Description = "Too Many Requests",
                Content = new Dictionary<string, IOpenApiMediaType> { ["application/json"] = new OpenApiMediaType { Schema = error } },
            });
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
