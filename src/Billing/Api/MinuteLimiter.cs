using System.Threading.RateLimiting;

namespace Billing.Api;

/// <summary>
/// Lets in at most <paramref name="limit"/> in any 60 s and says exactly when the next one may come. The built-in limiters do not:
/// a fixed window lets in twice its limit around its edge and answers its whole length as <c>Retry-After</c>, a sliding one counts in
/// coarse segments, and all of them keep their own time. A clock that is set back forgets what was counted. Safe for concurrent use.
/// </summary>
internal sealed class MinuteLimiter(int limit, TimeProvider time) : RateLimiter
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<DateTimeOffset> _admitted = new();
    private DateTimeOffset _lastUse = time.GetUtcNow();

    /// <summary>How long nobody has been here, once everything counted is a minute old: the limiter may be thrown away then.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                Forget(now);
                return _admitted.Count == 0 ? now - _lastUse : null;
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
            return _admitted.Count < limit
                ? new Lease(this, _admitted.AddLast(now), wait: null)
                : new Lease(this, admitted: null, _admitted.First!.Value + Window - now);
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(permitCount));

    private void Forget(DateTimeOffset now)
    {
        if (_admitted.Last?.Value > now)
        {
            _admitted.Clear();
        }
        while (_admitted.First?.Value <= now - Window)
        {
            _admitted.RemoveFirst();
        }
    }

    internal sealed class Lease(MinuteLimiter limiter, LinkedListNode<DateTimeOffset>? admitted, TimeSpan? wait) : RateLimitLease
    {
        public override bool IsAcquired => admitted is not null;

        public override IEnumerable<string> MetadataNames => wait is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? wait : null;
            return metadata is not null;
        }

        /// <summary>As if it had never been asked for.</summary>
        public void GiveBack()
        {
            lock (limiter._gate)
            {
                if (admitted?.List is not null)
                {
                    limiter._admitted.Remove(admitted);
                }
            }
        }
    }
}
