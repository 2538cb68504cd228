using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Billing.Tests.World;

/// <summary>An answer of the service, read whole.</summary>
public sealed record ApiAnswer(int Status, JsonNode? Body, HttpResponseHeaders Headers)
{
    /// <summary>The text at a dotted path such as <c>error.code</c> or <c>error.details.errors.0.path</c>; null if there is none.</summary>
    public string? this[string path]
    {
        get
        {
            var node = Body;
            foreach (var part in path.Split('.'))
            {
                node = node is JsonArray array ? array.ElementAtOrDefault(int.Parse(part)) : node?[part];
            }
            return node?.ToString();
        }
    }

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return new ApiAnswer((int)response.StatusCode, text is "" ? null : JsonNode.Parse(text), response.Headers);
    }
}
