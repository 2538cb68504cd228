using Billing.Persistence;

namespace Billing.Background;

/// <summary>Work that waits in a table: done at once when this host knows of it, and found by polling when another host left it.</summary>
internal abstract partial class PollingWorker(TimeSpan pollInterval, ILogger log) : BackgroundService
{
    /// <summary>Twice this at most: a host that starts answers first, and hosts that start together do not all look at once.</summary>
    private static readonly TimeSpan StartDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _signal = new(0, 1);
    private bool _isFailing;

    /// <summary>Says that there is work. Cheap; calls while the worker is busy are remembered as one.</summary>
    public void Wake()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look again anyway.
        }
    }

    /// <summary>Does some of the work that is due.</summary>
    /// <returns>Whether there may be more at once.</returns>
    protected abstract Task<bool> WorkAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WaitAsync(StartDelay * (1 + Random.Shared.NextDouble()), stoppingToken);
        try
        {
            await LoopAsync(stoppingToken);
        }
        finally
        {
            await DrainAsync();
        }
    }

    /// <summary>Ends what is still under way when the host stops.</summary>
    protected virtual Task DrainAsync() => Task.CompletedTask;

    private async Task LoopAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await WorkAsync(stoppingToken))
                {
                }
                _isFailing = false;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // One line per outage: the next attempts come every few seconds and tell nothing new.
                if (!_isFailing || !DatabaseErrors.IsUnavailable(failure))
                {
                    LogFailed(GetType().Name, failure);
                }
                _isFailing = true;
            }
            await WaitAsync(pollInterval, stoppingToken);
        }
    }

    /// <summary>Until something is known to be there, at most so long.</summary>
    private async Task WaitAsync(TimeSpan longest, CancellationToken stoppingToken)
    {
        try
        {
            await _signal.WaitAsync(longest, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops; the loop sees it.
        }
    }

    public override void Dispose()
    {
        _signal.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Worker} could not work and tries again")]
    private partial void LogFailed(string worker, Exception? exception);
}
