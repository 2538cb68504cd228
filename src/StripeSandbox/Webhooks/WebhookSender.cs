using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Webhooks;

/// <summary>Makes one delivery attempt. Anything but a 2xx answer within the timeout is a failure, redirects included.</summary>
internal sealed class WebhookSender(SandboxClock clock, TimeSpan timeout) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = timeout,
    };

    public async Task<AttemptResult> AttemptAsync(JsonObject renderedEvent, JsonObject endpoint, CancellationToken ct)
    {
        renderedEvent["api_version"] = endpoint.TextOrNull("api_version") ?? ApiPipeline.ApiVersion;
        var body = JsonOutput.PrettyBytes(renderedEvent);
        var at = clock.UnixNow;
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Text("url")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        request.Headers.TryAddWithoutValidation("Stripe-Signature", WebhookSignature.Sign(endpoint.Text("_secret"), at, body));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            var status = (int)response.StatusCode;
            return new AttemptResult(at, status, status is >= 200 and < 300 ? null : $"answered {status}");
        }
        catch (HttpRequestException failure)
        {
            return new AttemptResult(at, null, failure.Message);
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return new AttemptResult(at, null, $"no answer within {timeout.TotalSeconds:0.###} s");
        }
    }

    public void Dispose() => _http.Dispose();
}
