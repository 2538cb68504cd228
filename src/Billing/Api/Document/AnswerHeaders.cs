using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Billing.Api.Document;

/// <summary>The headers of our answers, each described once.</summary>
internal static class AnswerHeaders
{
    public const string RetryAfter = "Retry-After";
    public const string WwwAuthenticate = "WWW-Authenticate";
    public const string Replayed = "Idempotent-Replayed";

    /// <summary>Says that the answer has these headers.</summary>
    public static void AddHeaders(this OpenApiResponse answer, OpenApiDocument document, params ReadOnlySpan<string> names)
    {
        answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
        foreach (var name in names)
        {
            ((document.Components ??= new()).Headers ??= new Dictionary<string, IOpenApiHeader>()).TryAdd(name, Describe(name));
            answer.Headers[name] = new OpenApiHeaderReference(name, document);
        }
    }

    private static OpenApiHeader Describe(string name) => name switch
    {
        RequestIds.Header => new()
        {
            Description = "The request's id, as in the log and in `metadata.request_id` of an error. The caller's own if it sent one.",
            Required = true,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = [JsonValue.Create(ErrorExamples.RequestId)] },
        },
        RetryAfter => new()
        {
            Description = "Whole seconds to wait; then the same request may be sent again.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Examples = [JsonValue.Create(2)] },
        },
        WwwAuthenticate => new()
        {
            Description = "How to authenticate.",
            Required = true,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = [JsonValue.Create("Bearer realm=\"billing\"")] },
        },
        Replayed => new()
        {
            Description = "`true` on the stored answer of an earlier request with this `Idempotency-Key`; else absent.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean, Examples = [JsonValue.Create(true)] },
        },
        _ => throw new ArgumentException($"The contract does not describe the header {name}.", nameof(name)),
    };
}
