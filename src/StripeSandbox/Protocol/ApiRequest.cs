using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StripeSandbox.State;

namespace StripeSandbox.Protocol;

/// <summary>An API request, read and authenticated but not yet checked by its operation.</summary>
internal sealed record ApiRequest(string Id, string Method, string Path, FormNode Form, string? IdempotencyKey, Func<string, string> Segment)
{
    public RequestOrigin Origin => new(Id, IdempotencyKey);

    /// <summary>Equal for requests with equal parameters, whatever their order and encoding.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [Method, Path, .. Form.Leaves()]))));

    // GET takes parameters from the query, POST from the body; DELETE from either, as curl -d and the SDKs differ.
    public static async Task<ApiRequest> ReadAsync(HttpContext http, string id)
    {
        var request = http.Request;
        var query = request.QueryString.HasValue ? request.QueryString.Value![1..] : "";
        var body = request.Method == HttpMethods.Get ? "" : await ReadBodyAsync(request);
        string? key = request.Method == HttpMethods.Post ? request.Headers["Idempotency-Key"] : default;
        return new ApiRequest(id, request.Method, request.Path.Value!, FormParser.Parse(query, body), string.IsNullOrEmpty(key) ? null : key,
            name => (string)http.GetRouteValue(name)!);
    }

    private static async Task<string> ReadBodyAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (body.Length > 0 && request.ContentType is { } type && !type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            throw new StripeError(400, "invalid_request_error", "Invalid request (check that your POST content type is application/x-www-form-urlencoded).");
        }

        return body;
    }
}
