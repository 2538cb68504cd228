namespace StripeSandbox.Webhooks;

/// <summary>Counts things under way and tells when there are none. Safe for concurrent use.</summary>
internal sealed class Outstanding
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _none;
    private int _count;

    public void Enter()
    {
        lock (_gate)
        {
            _count++;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_count > 0)
            {
                return;
            }

            _none?.TrySetResult();
            _none = null;
        }
    }

    /// <summary>Waits until nothing is under way, at most the given real time.</summary>
    public async Task WaitForNoneAsync(TimeSpan atMost, CancellationToken ct)
    {
        Task none;
        lock (_gate)
        {
            if (_count == 0)
            {
                return;
            }

            none = (_none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        await Task.WhenAny(none, Task.Delay(atMost, ct));
        ct.ThrowIfCancellationRequested();
    }
}
