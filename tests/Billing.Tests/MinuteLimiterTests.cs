using System.Threading.RateLimiting;
using Billing.Api;

namespace Billing.Tests;

/// <summary>The limiter against its definition, on a clock that moves only when told.</summary>
public sealed class MinuteLimiterTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void Wait_IsExact_AMomentLessIsTooEarly()
    {
        using var limiter = new MinuteLimiter(2, _clock);
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        _clock.Advance(TimeSpan.FromSeconds(5.5));

        Assert.Equal(TimeSpan.FromSeconds(44.5), Wait(limiter.AttemptAcquire()));
        _clock.Advance(TimeSpan.FromSeconds(44.5) - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(1), Wait(limiter.AttemptAcquire()));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(Wait(limiter.AttemptAcquire()));
        Assert.Equal(TimeSpan.FromSeconds(10), Wait(limiter.AttemptAcquire())); // the second of them is fifty seconds old
    }

    [Fact]
    public void AnyMinute_HoldsAtMostTheLimit()
    {
        using var limiter = new MinuteLimiter(5, _clock);
        var random = new Random(1);
        var admitted = new List<DateTimeOffset>();
        for (var i = 0; i < 2000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(8000)));
            if (limiter.AttemptAcquire().IsAcquired)
            {
                admitted.Add(_clock.GetUtcNow());
            }
        }
        Assert.All(admitted.Zip(admitted.Skip(5)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromMinutes(1)));
        Assert.True(admitted.Count > 500);
    }

    [Fact]
    public void ManyAtATime_HoldTheLimitToo_AndWaitATenthOfASecondTooLongAtMost()
    {
        using var limiter = new MinuteLimiter(2000, _clock);
        var random = new Random(2);
        var admitted = new List<DateTimeOffset>();
        for (var i = 0; i < 20_000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(15)));
            if (Wait(limiter.AttemptAcquire()) is { } wait)
            {
                var exact = admitted[^2000] + TimeSpan.FromMinutes(1) - _clock.GetUtcNow();
                Assert.InRange(wait, exact, exact + TimeSpan.FromMilliseconds(100));
                _clock.Advance(wait);
                Assert.True(limiter.AttemptAcquire().IsAcquired);
            }
            admitted.Add(_clock.GetUtcNow());
        }
        Assert.All(admitted.Zip(admitted.Skip(2000)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromMinutes(1)));
        Assert.True(admitted[^1] - admitted[0] < TimeSpan.FromMinutes(11));
    }

    [Fact]
    public void SettledAfterTheClockWasSetBack_TakesNothingFromLaterOnes()
    {
        using var limiter = new MinuteLimiter(1, _clock, settles: true);
        var before = (MinuteLimiter.Lease)limiter.AttemptAcquire();
        _clock.Advance(-TimeSpan.FromDays(1));
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        before.Settle(counts: false);
        Assert.False(limiter.AttemptAcquire().IsAcquired);
    }

    [Fact]
    public void SettledAsNotCounting_CountsNoMore()
    {
        using var limiter = new MinuteLimiter(1, _clock, settles: true);
        var lease = (MinuteLimiter.Lease)limiter.AttemptAcquire();
        Assert.False(limiter.AttemptAcquire().IsAcquired);
        lease.Settle(counts: false);
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        lease.Settle(counts: false);
        Assert.False(limiter.AttemptAcquire().IsAcquired);
    }

    [Fact]
    public void Wait_WhileALeaseIsUnsettled_IsAMoment()
    {
        using var limiter = new MinuteLimiter(2, _clock, settles: true);
        var (first, second) = ((MinuteLimiter.Lease)limiter.AttemptAcquire(), (MinuteLimiter.Lease)limiter.AttemptAcquire());
        first.Settle(counts: true);
        Assert.Equal(TimeSpan.FromSeconds(1), Wait(limiter.AttemptAcquire()));
        second.Settle(counts: true);
        Assert.Equal(TimeSpan.FromSeconds(60), Wait(limiter.AttemptAcquire()));
    }

    [Fact]
    public void Clock_SetBackADay_BlocksNobody()
    {
        using var limiter = new MinuteLimiter(1, _clock);
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        _clock.Advance(-TimeSpan.FromDays(1));
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        Assert.False(limiter.AttemptAcquire().IsAcquired);
    }

    [Fact]
    public void Idle_BeginsWhenNothingCountsAnyMore()
    {
        using var limiter = new MinuteLimiter(1, _clock);
        limiter.AttemptAcquire();
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(limiter.IdleDuration);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(61), limiter.IdleDuration);
    }

    private static TimeSpan? Wait(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : lease.IsAcquired ? null : throw new InvalidOperationException("no wait");

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
