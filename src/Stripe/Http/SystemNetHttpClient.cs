namespace Stripe;

/// <summary>
/// Sends over an <see cref="HttpClient"/> and retries what is safe to retry: connection errors, attempts that time out, 409,
/// 429 and 5xx, unless <c>Stripe-Should-Retry</c> says otherwise. All attempts of a call carry the same idempotency key.
/// </summary>
public sealed class SystemNetHttpClient : IHttpClient
{
    /// <summary>One for the process, as it holds the connection pool; the handler re-resolves the host name now and then.</summary>
    private static readonly Lazy<HttpClient> Shared = new(() => new HttpClient(
        new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(80),
    });

    private readonly HttpClient _httpClient;
    private readonly RetryPolicy _retryPolicy;
    private readonly TimeProvider _timeProvider;

    /// <param name="httpClient">
    /// Its <see cref="HttpClient.Timeout"/> holds for each attempt. Give it a handler that follows no redirects. Null means one
    /// that does not, with 80 seconds.
    /// </param>
    /// <param name="maxNetworkRetries">Further attempts after the first.</param>
    public SystemNetHttpClient(HttpClient? httpClient = null, int maxNetworkRetries = 2)
        : this(httpClient, maxNetworkRetries, TimeProvider.System)
    {
    }

    internal SystemNetHttpClient(HttpClient? httpClient, int maxNetworkRetries, TimeProvider timeProvider)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxNetworkRetries);
        _httpClient = httpClient ?? Shared.Value;
        _timeProvider = timeProvider;
        _retryPolicy = new RetryPolicy(maxNetworkRetries, timeProvider);
    }

    async Task<StripeResponse> IHttpClient.SendAsync(StripeRequest request, CancellationToken cancellationToken)
    {
        for (var retries = 0; ; retries++)
        {
            StripeResponse? response = null;
            try
            {
                response = await AttemptAsync(request, cancellationToken);
                if (!_retryPolicy.ShouldRetry(retries, response))
                {
                    return response;
                }
            }
            // A cancellation is the timeout of the attempt, unless the caller asked for it: then the delay ends the call at once.
            catch (Exception exception) when (
                exception is HttpRequestException or OperationCanceledException
                && _retryPolicy.ShouldRetry(retries, response: null))
            {
            }

            await Task.Delay(_retryPolicy.Delay(retries, response), _timeProvider, cancellationToken);
        }
    }

    private async Task<StripeResponse> AttemptAsync(StripeRequest request, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage();
        using var response = await _httpClient.SendAsync(message, cancellationToken);
        // The body is in memory by now: HttpClient buffers it, under the same timeout, before it returns.
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new StripeResponse(response.StatusCode, response.Headers, body);
    }
}
