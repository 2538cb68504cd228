using System.Threading.RateLimiting;

namespace Billing.Api;

/// <summary>
/// Lets in at most <paramref name="limit"/> in any 60 s and says, to a tenth of a second, when the next one may come. The built-in limiters do not:
/// a fixed window lets in twice its limit around its edge and answers its whole length as <c>Retry-After</c>, a sliding one counts in
/// coarse segments, and all of them keep their own time. A clock that is set back forgets what was counted. Safe for concurrent use.
/// </summary>
/// <param name="limit">1 or more.</param>
/// <param name="time">The clock of the minutes.</param>
/// <param name="settles">
/// Whether each lease says later, by <see cref="Lease.Settle"/>, if it counts. While one has not, a place may come free at any moment, and
/// whoever finds none is asked back in a second at most.
/// </param>
internal sealed class MinuteLimiter(int limit, TimeProvider time, bool settles = false) : RateLimiter
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>What is let in within it is remembered as one, until the last of it is a minute old: a busy key costs no more than a slow one.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Queue<Admitted> _recent = new();
    private DateTimeOffset _lastUse = time.GetUtcNow();
    private Admitted? _last;
    private int _count;
    private int _unsettled;

    /// <summary>How long nobody has been here, once everything counted is a minute old: the limiter may be thrown away then.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                Forget(now);
                return _count == 0 ? now - _lastUse : null;
            }
        }
    }

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(permitCount, 1);
        lock (_gate)
        {
            var now = _lastUse = time.GetUtcNow();
            Forget(now);
            if (_count < limit)
            {
                _unsettled += settles ? 1 : 0;
                return new Lease(this, Admit(now), wait: null);
            }
            var wait = _recent.Peek().Last + Window - now;
            return new Lease(this, admitted: null, _unsettled > 0 && wait > Moment ? Moment : wait);
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(permitCount));

    private Admitted Admit(DateTimeOffset now)
    {
        if (_last is null || _recent.Count == 0 || now - _last.First >= Tick)
        {
            _recent.Enqueue(_last = new Admitted(now));
        }
        _last.Last = now;
        _last.Count++;
        _count++;
        return _last;
    }

    private void Forget(DateTimeOffset now)
    {
        var isSetBack = _last?.Last > now;
        while (_recent.TryPeek(out var oldest) && (isSetBack || oldest.Count == 0 || oldest.Last <= now - Window))
        {
            _count -= oldest.Count;
            oldest.Count = 0;
            _recent.Dequeue();
        }
    }

    /// <summary>Who was let in within one <see cref="Tick"/>.</summary>
    internal sealed class Admitted(DateTimeOffset first)
    {
        public DateTimeOffset First => first;

        public DateTimeOffset Last { get; set; }

        public int Count { get; set; }
    }

    internal sealed class Lease(MinuteLimiter limiter, Admitted? admitted, TimeSpan? wait) : RateLimitLease
    {
        private bool _isSettled;

        public override bool IsAcquired => admitted is not null;

        public override IEnumerable<string> MetadataNames => wait is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? wait : null;
            return metadata is not null;
        }

        /// <summary>Says once whether it counts, or was as if it had never been asked for.</summary>
        public void Settle(bool counts)
        {
            lock (limiter._gate)
            {
                if (!IsAcquired || _isSettled)
                {
                    return;
                }
                _isSettled = true;
                limiter._unsettled--;
                if (!counts && admitted!.Count > 0) // forgotten meanwhile otherwise
                {
                    admitted.Count--;
                    limiter._count--;
                }
            }
        }
    }
}
