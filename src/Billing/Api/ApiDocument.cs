using System.Text.Json.Nodes;
using Billing.Api.Document;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Billing.Api;

/// <summary>The contract as the host serves it; <c>openapi.yaml</c> at the root of the repository is held to it by a test.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    private static OpenApiInfo Info => new()
    {
        Title = "Billing",
        Version = "1.0",
        Description = """
            Plans and credits of organizations, sold through Stripe.

            Requests and answers are JSON in snake_case; times are UTC. A field that a call does not know is refused, while answers may gain fields:
            ignore those that you do not know. Names marked deprecated are accepted for clients of similar APIs; use the others.

            Every error has the shape of `ErrorResponse`; branch on `error.code`. A 503 has lost nothing: send the same request again.
            """.Flow(),
    };

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            var docs = Path.Combine(AppContext.BaseDirectory, "Billing.xml");
            swagger.SwaggerDoc(Name, Info);
            swagger.AddServer(new OpenApiServer { Url = "http://localhost:5080", Description = "The service as `dotnet run --project src/DevHost` starts it." });
            swagger.SupportNonNullableReferenceTypes();
            swagger.AddSecurityDefinition(CallAccess.SchemeName, CallAccess.Scheme);
            swagger.MapType<JsonObject>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            swagger.IncludeXmlComments(docs);
            swagger.AddFilters(docs);
        });
    }

    /// <summary>Their order matters: headers are added to the errors that are there.</summary>
    private static void AddFilters(this SwaggerGenOptions swagger, string docs)
    {
        swagger.SchemaFilter<EnumMeanings>(docs);
        swagger.SchemaFilter<RequestSchemas>();
        swagger.SchemaFilter<AnswerSchemas>();
        swagger.OperationFilter<CallAccess>();
        swagger.OperationFilter<ErrorAnswers>();
        swagger.OperationFilter<RequestHeaders>();
        swagger.OperationFilter<CallExamples>();
        swagger.OperationFilter<PlainReferences>();
        swagger.DocumentFilter<ErrorSchemas>();
        swagger.DocumentFilter<DocumentTags>();
    }

    /// <summary>Swagger UI and the document itself, for developers only.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapSwagger(setupAction: swagger => swagger.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1); // as middleware it sets itself up at every request
            app.UseSwaggerUI();
        }
    }
}
