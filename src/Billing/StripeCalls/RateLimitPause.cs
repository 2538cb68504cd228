using System.Net;

namespace Billing.StripeCalls;

/// <summary>
/// How long background work keeps quiet after a 429: as long as its <c>Retry-After</c> asks for, at least a second that doubles with each
/// further one, at most a minute. By the real clock. Thread-safe.
/// </summary>
internal sealed class RateLimitPause
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _began;
    private TimeSpan _length;
    private int _strikes;

    public TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                return _length - TimeProvider.System.GetElapsedTime(_began);
            }
        }
    }

    public void Note(HttpResponseMessage response)
    {
        lock (_gate)
        {
            var left = Left;
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
            {
                // An answer during the pause is to a call from before it.
                _strikes = left > TimeSpan.Zero ? _strikes : 0;
                return;
            }
            var pause = Asked(response);
            if (left <= TimeSpan.Zero)
            {
                // Calls that were under way together are one strike together.
                var backoff = Math.Min(Math.Pow(2, _strikes++), 30) * (0.75 + Random.Shared.NextDouble() / 2);
                pause = pause > TimeSpan.FromSeconds(backoff) ? pause : TimeSpan.FromSeconds(backoff);
            }
            if (pause > left)
            {
                (_began, _length) = (TimeProvider.System.GetTimestamp(), pause < Longest ? pause : Longest);
            }
        }
    }

    private static TimeSpan Asked(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        return header?.Delta ?? header?.Date - TimeProvider.System.GetUtcNow() ?? TimeSpan.Zero;
    }
}
