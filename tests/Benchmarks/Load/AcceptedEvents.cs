namespace Benchmarks.Load;

/// <summary>What the host has answered 200 to, and so must have stored.</summary>
internal sealed class AcceptedEvents
{
    private readonly int[] _newest = new int[EventCourse.Subscriptions + 1];

    /// <summary>Distinct events since the inbox was last emptied.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the newest event of a subscription.</summary>
    public int Newest(int subscription) => _newest[subscription];

    public void Add(int subscription, int number)
    {
        Count++;
        _newest[subscription] = Math.Max(_newest[subscription], number);
    }

    public void ForgetCount() => Count = 0;
}
