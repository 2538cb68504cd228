using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Time;

/// <summary>
/// Makes due things happen: by itself when the clock reaches their instant, and in order when the clock is advanced
/// over them. One step at a time, whoever drives.
/// </summary>
internal sealed class Progress(Accounts accounts, SandboxClock clock, Journal journal, Outstanding firstAttempts, TimeSpan deliveryWait) : IAsyncDisposable
{
    // Wake up now and then even if nothing is due, so that a missed signal costs little.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _look = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Something changed: the earliest instant may be another.</summary>
    public void LookAgain()
    {
        try
        {
            if (_look.CurrentCount == 0)
            {
                _look.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Another thread said so at the same moment.
        }
    }

    public async Task AdvanceToAsync(DateTimeOffset to, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            while (NextDue() is { } at && at <= to)
            {
                MoveClock(at);
                ApplyDue();
                await firstAttempts.WaitForNoneAsync(deliveryWait, ct);
            }
            MoveClock(to);
        }
        finally
        {
            _turn.Release();
            // The loop sleeps by real time: what was a day away may now be a second away.
            LookAgain();
        }
        await firstAttempts.WaitForNoneAsync(deliveryWait, ct);
    }

    private void MoveClock(DateTimeOffset to)
    {
        clock.AdvanceTo(to);
        journal.AppendClock(clock.Offset);
    }

    private void ApplyDue()
    {
        foreach (var account in accounts.All.Where(account => account.NextDue <= clock.UnixNow).OrderBy(account => account.NextDue))
        {
            while (account.ApplyNextDue())
            {
            }
        }
    }

    private DateTimeOffset? NextDue() => accounts.All.Min(account => account.NextDue) is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : null;

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _turn.WaitAsync(_stopping.Token);
                try
                {
                    ApplyDue();
                }
                finally
                {
                    _turn.Release();
                }
                var wait = NextDue() - clock.GetUtcNow() ?? LongestSleep;
                wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestSleep ? LongestSleep : wait;
                await _look.WaitAsync(wait, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }
}
