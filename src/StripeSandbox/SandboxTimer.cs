namespace StripeSandbox;

/// <summary>A timer whose due time is an instant of the sandbox's clock, so that advancing the clock shortens the wait.</summary>
internal sealed class SandboxTimer : ITimer
{
    // A system timer takes at most 49 days; a longer wait is taken in legs.
    private static readonly TimeSpan LongestLeg = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly SandboxClock _clock;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private readonly ITimer _leg;
    private DateTimeOffset? _due;
    private TimeSpan _period;

    public SandboxTimer(SandboxClock clock, TimerCallback callback, object? state)
    {
        _clock = clock;
        _callback = callback;
        _state = state;
        _leg = TimeProvider.System.CreateTimer(_ => LegEnded(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        var due = dueTime == Timeout.InfiniteTimeSpan ? (DateTimeOffset?)null : _clock.GetUtcNow() + dueTime;
        lock (_gate)
        {
            _due = due;
            _period = period;
        }
        if (due is null)
        {
            _clock.Forget(this);
        }
        else
        {
            _clock.Track(this);
        }

        return Rearm();
    }

    public bool Rearm()
    {
        lock (_gate)
        {
            if (_due is not { } due)
            {
                return _leg.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            var left = due - _clock.GetUtcNow();
            return _leg.Change(left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestLeg ? left : LongestLeg, Timeout.InfiniteTimeSpan);
        }
    }

    private void LegEnded()
    {
        lock (_gate)
        {
            if (_due is not { } due)
            {
                return;
            }

            var now = _clock.GetUtcNow();
            if (due > now)
            {
                Rearm();
                return;
            }
            _due = _period > TimeSpan.Zero ? now + _period : null;
            Rearm();
            if (_due is null)
            {
                _clock.Forget(this);
            }
        }
        _callback(_state);
    }

    public void Dispose()
    {
        _clock.Forget(this);
        _leg.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
