using System.Net;

namespace Stripe;

/// <summary>When a call is sent again, and after how long: the rule of Stripe's own SDKs, and 429 too.</summary>
/// <param name="maxRetries">Further attempts after the first; zero or more.</param>
/// <param name="timeProvider">Tells how far a <c>Retry-After</c> date lies ahead.</param>
internal sealed class RetryPolicy(int maxRetries, TimeProvider timeProvider)
{
    private static readonly TimeSpan MinDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    /// <summary>Longer than a caller with a request of its own to answer should be kept waiting.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(10);

    /// <param name="retries">How often the call was sent again already.</param>
    /// <param name="response">Null when the connection failed or timed out.</param>
    public bool ShouldRetry(int retries, StripeResponse? response)
    {
        if (retries >= maxRetries)
        {
            return false;
        }

        if (response is null)
        {
            return true;
        }

        return response.Header("Stripe-Should-Retry") switch
        {
            "true" => true,
            "false" => false,
            _ => response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests
                || (int)response.StatusCode >= 500,
        };
    }

    /// <summary>0.5 s doubling to 5 s, of which up to half is random; or what a 429 asks for, up to 10 s, if that is longer.</summary>
    public TimeSpan Delay(int retries, StripeResponse? response)
    {
        var ceiling = MinDelay * Math.Min(1 << Math.Min(retries, 16), MaxDelay / MinDelay);
        var backoff = ceiling * (0.5 + (Random.Shared.NextDouble() / 2));
        if (backoff < MinDelay)
        {
            backoff = MinDelay;
        }

        var asked = response?.StatusCode == HttpStatusCode.TooManyRequests ? RetryAfter(response) : TimeSpan.Zero;
        return asked > backoff ? asked : backoff;
    }

    private TimeSpan RetryAfter(StripeResponse response)
    {
        var header = response.Headers.RetryAfter;
        var asked = header?.Delta ?? header?.Date - timeProvider.GetUtcNow() ?? TimeSpan.Zero;
        return asked < MaxRetryAfter ? asked : MaxRetryAfter;
    }
}
