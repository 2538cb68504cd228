using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Billing.Api.Document;

/// <summary>Every error as a client gets it, one example each, by the name of <see cref="UsualErrors.NameOf"/>.</summary>
internal static class ErrorExamples
{
    public const string RequestId = "req_0199e2f1c7a07c5e9d3b6a41f0e8d215";

    private static readonly DateTimeOffset Timestamp = new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero);

    /// <summary>Refers to the error's example, which is made if it is the first to refer to it.</summary>
    public static IOpenApiExample Refer(ApiError error, OpenApiDocument document, JsonSerializerOptions json)
    {
        var name = UsualErrors.NameOf(error);
        ((document.Components ??= new()).Examples ??= new Dictionary<string, IOpenApiExample>()).TryAdd(name, new OpenApiExample { Value = ToJson(error, json) });
        return new OpenApiExampleReference(name, document);
    }

    private static JsonNode ToJson(ApiError error, JsonSerializerOptions json) =>
        JsonSerializer.SerializeToNode(ErrorResponse.Of(error, RequestId, Timestamp), json)!;
}
