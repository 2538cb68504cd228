using System.Text.Json.Nodes;
using Billing.Api;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Billing.Tests.World;

/// <summary>The OpenAPI document of a running host, as YAML and as JSON with every reference followed on the way.</summary>
internal sealed class ContractDocument(BillingWorld world)
{
    private readonly OpenApiDocument _document = world.Service<ISwaggerProvider>().GetSwagger(ApiDocument.Name);
    private JsonNode? _json;

    public JsonNode Json => _json ??= JsonNode.Parse(Write(text => new OpenApiJsonWriter(text)))!;

    public string ToYaml() => Write(text => new OpenApiYamlWriter(text)).TrimEnd() + "\n";

    /// <summary>Every call with its name, such as <c>POST /v1/billing/checkout</c>.</summary>
    public IEnumerable<(string Call, JsonNode Operation)> Operations =>
        from path in Json["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value);

    /// <summary>The answer of this status, or null if the call declares none.</summary>
    public JsonNode? Answer(string call, int status) =>
        Follow(Operations.Single(operation => operation.Call == call).Operation["responses"]![$"{status}"]);

    /// <summary>What the node refers to, or itself.</summary>
    public JsonNode? Follow(JsonNode? node) => node is JsonObject && node["$ref"] is { } reference
        ? Follow(((string)reference!).Split('/').Skip(1).Aggregate(Json, (at, part) => at[part.Replace("~1", "/")]!))
        : node;

    private string Write(Func<TextWriter, OpenApiWriterBase> writer)
    {
        using var text = new StringWriter { NewLine = "\n" };
        _document.SerializeAs(OpenApiSpecVersion.OpenApi3_1, writer(text));
        return text.ToString().ReplaceLineEndings("\n");
    }
}
