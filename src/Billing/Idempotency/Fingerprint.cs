using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Billing.Idempotency;

/// <summary>Tells whether two requests under one key are the same request: by what they mean, not by how they are written.</summary>
internal static class Fingerprint
{
    /// <summary>
    /// SHA-256 over the operation, the values in its path and the bound body with sorted names. Order, white space, escapes and other
    /// names of a field do not matter, and a null is the same as nothing, so that a field which only newer hosts know changes nothing.
    /// </summary>
    /// <param name="operation">The call, whichever of its paths was used.</param>
    /// <param name="path">What the path names, such as a hold's id.</param>
    /// <param name="body">The request as bound and validated.</param>
    /// <param name="options">How the API writes JSON.</param>
    public static byte[] Of<T>(string operation, IEnumerable<KeyValuePair<string, object?>> path, T body, JsonSerializerOptions options)
    {
        var request = new JsonObject
        {
            ["operation"] = operation,
            ["path"] = new JsonObject(path.Select(value => KeyValuePair.Create(value.Key, (JsonNode?)value.Value?.ToString()))),
            ["body"] = JsonSerializer.SerializeToNode(body, options),
        };
        return SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(request)!.ToJsonString()));
    }

    private static JsonNode? Canonical(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields
            .Where(field => field.Value is not null)
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Canonical(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Canonical)]),
        _ => node?.DeepClone(),
    };
}
