using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace Billing.StripeCalls;

/// <summary>
/// What this host's background work may ask of Stripe: so many requests a second, retries included, with bursts of a fifth of that; and
/// nothing for a while after any call of the host, a buyer's too, was refused as one too many (FACTS A.6). Thread-safe.
/// </summary>
internal sealed class StripeBudget : IDisposable
{
    private const int Retries = 2;

    private readonly TokenBucketRateLimiter _bucket;
    private readonly SemaphoreSlim _first = new(1);
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly RateLimitPause _pause = new();

    public StripeBudget(IOptions<StripeOptions> options)
    {
        var perSecond = options.Value.BackgroundRequestsPerSecond;
        _bucket = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(1, perSecond / 5),
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1) / perSecond,
            AutoReplenishment = false, // by a timer, which would wake an idle host at the same rate for as long as it runs
        });
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = TimeProvider.System }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Retries,
                Delay = TimeSpan.FromSeconds(0.5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(ShouldRetry(args.Outcome)),
                // After a 429 it is the pause that is waited for, with everybody else.
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(
                    args.Outcome.Result?.StatusCode == HttpStatusCode.TooManyRequests ? TimeSpan.Zero : null),
            })
            .AddRateLimiter(new RateLimiterStrategyOptions { RateLimiter = args => TakeAsync(args.Context.CancellationToken) })
            .AddTimeout(options.Value.Timeout)
            .Build();
    }

    /// <summary>Whether Stripe has refused calls just now: whatever need not be begun had better wait.</summary>
    public bool IsPaused => _pause.Left > TimeSpan.Zero;

    /// <summary>Makes the call when it is its turn, and again where that is safe: the rule of Stripe's own SDKs, and 429 too.</summary>
    /// <exception cref="HttpRequestException">No attempt got an answer.</exception>
    public async Task<HttpResponseMessage> SpendAsync(Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (send, token) => await send(token), call, cancellationToken);
        }
        catch (TimeoutRejectedException silent)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Stripe did not answer in time.", silent);
        }
    }

    /// <summary>Learns from an answer whether Stripe has had enough.</summary>
    public void Note(HttpResponseMessage response) => _pause.Note(response);

    public void Dispose()
    {
        _bucket.Dispose();
        _first.Dispose();
    }

    /// <summary>One waits for the next permit, and the others for him.</summary>
    private async ValueTask<RateLimitLease> TakeAsync(CancellationToken cancellationToken)
    {
        await _first.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                _bucket.TryReplenish();
                if (!IsPaused && _bucket.AttemptAcquire() is { IsAcquired: true } lease)
                {
                    return lease;
                }
                // Rounded up, as a delay leaves out what is less than a millisecond: a moment too early is a whole period too late.
                var wait = _pause.Left > _bucket.ReplenishmentPeriod ? _pause.Left : _bucket.ReplenishmentPeriod;
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds) + 1), cancellationToken);
            }
        }
        finally
        {
            _first.Release();
        }
    }

    private static bool ShouldRetry(Outcome<HttpResponseMessage> outcome)
    {
        if (outcome.Result is not { } response)
        {
            return outcome.Exception is HttpRequestException or TimeoutRejectedException;
        }
        var advice = response.Headers.TryGetValues("Stripe-Should-Retry", out var values) ? values.First() : null;
        return advice switch
        {
            "true" => true,
            "false" => false,
            _ => response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500,
        };
    }
}
