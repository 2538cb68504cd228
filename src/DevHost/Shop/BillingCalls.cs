using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace DevHost.Shop;

/// <summary>
/// The backend part's calls to the service, with a service key. Answers go on to the page as they are, so it sees one shape of errors,
/// whoever was asked.
/// </summary>
internal sealed class BillingCalls(string billingUrl, string serviceKey) : IDisposable
{
    private const string Base = "/v1/billing";

    private readonly HttpClient _http = new()
    {
        BaseAddress = new Uri(billingUrl),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", serviceKey) },
    };

    /// <param name="headers">Such as <c>Billing-Org</c> and <c>Idempotency-Key</c>.</param>
    public async Task<IResult> SendAsync(
        Visitor visitor, HttpMethod method, string path, JsonObject body, Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Base + path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        var started = Stopwatch.GetTimestamp();
        using var response = await _http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
        visitor.Calls.Add(new(
            method.Method, Base + path, headers, body, (int)response.StatusCode, answer, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds));
        return new Answer((int)response.StatusCode, answer, response.Headers.RetryAfter?.ToString());
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The service's answer once more. What it says about when to try again is for the page to follow.</summary>
    private sealed class Answer(int status, JsonNode? body, string? retryAfter) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = retryAfter;
            return TypedResults.Json(body, statusCode: status).ExecuteAsync(httpContext);
        }
    }
}
