namespace Billing.Background;

/// <summary>
/// Work that many bring and few do: whoever brings some while a turn is free takes it and does a batch himself, so that what comes alone
/// changes no thread and waits for nothing; what comes meanwhile is the next batch. Whenever something waits, somebody has a turn or is about
/// to try for one.
/// </summary>
/// <param name="count">How many batches may be under way at a time.</param>
internal sealed class Turns(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);

    /// <summary>To be called once something waits. Whoever gets a turn comes back when his batch is done, everybody else at once.</summary>
    public Task TryAsync(IBatches batches)
    {
        if (!_free.Wait(0))
        {
            return Task.CompletedTask;
        }
        // From its first wait on without the caller's log scope and trace: it is many callers' work.
        using (ExecutionContext.SuppressFlow())
        {
            return WorkAsync(batches);
        }
    }

    /// <summary>Waits until nobody has a turn.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        for (var ended = 0; ended < count; ended++)
        {
            await _free.WaitAsync(cancellationToken);
        }
        _free.Release(count);
    }

    public void Dispose() => _free.Dispose();

    /// <summary>Does one batch. If more is waiting by then, the turn passes on, so that the caller gets his answer.</summary>
    private async Task WorkAsync(IBatches batches)
    {
        do
        {
            await batches.WorkAsync();
            if (batches.IsWaiting)
            {
                _ = Task.Run(() => WorkAsync(batches));
                return;
            }
            _free.Release();
        }
        while (batches.IsWaiting && _free.Wait(0)); // who came between the last look and the release got no turn
    }
}

/// <summary>Something that many bring work to.</summary>
internal interface IBatches
{
    /// <summary>Whether something waits.</summary>
    bool IsWaiting { get; }

    /// <summary>Takes a batch of what waits, none if somebody else was faster, and does it. Never throws.</summary>
    Task WorkAsync();
}
