namespace StripeSandbox;

/// <summary>
/// The sandbox's time: real time plus an offset that only grows. It flows by itself and never goes back.
/// Timers made by it (<c>Task.Delay(span, clock)</c>, <see cref="PeriodicTimer"/>) fire early when the clock is
/// advanced over their due time. <see cref="TimeProvider.GetTimestamp"/> stays real: it measures work, not dates.
/// Safe for concurrent use.
/// </summary>
public sealed class SandboxClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<SandboxTimer> _timers = [];
    private TimeSpan _offset;

    internal SandboxClock(TimeSpan offset) => _offset = offset;

    /// <summary>By how much the clock runs ahead of real time.</summary>
    public TimeSpan Offset
    {
        get
        {
            lock (_gate)
            {
                return _offset;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SandboxTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal long UnixNow => GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Moves the clock forward to the instant; an instant in the past changes nothing.</summary>
    internal void AdvanceTo(DateTimeOffset instant)
    {
        SandboxTimer[] timers;
        lock (_gate)
        {
            var ahead = instant - System.GetUtcNow();
            if (ahead <= _offset)
            {
                return;
            }

            _offset = ahead;
            timers = [.. _timers];
        }
        foreach (var timer in timers)
        {
            timer.Rearm();
        }
    }

    internal void Track(SandboxTimer timer)
    {
        lock (_gate)
        {
            _timers.Add(timer);
        }
    }

    internal void Forget(SandboxTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }
}
