using Billing.Api;
using Billing.Persistence;
using Billing.StripeCalls;
using Billing.Telemetry;

namespace Billing.Background;

/// <summary>
/// Reads what is marked in a queue, one read for however many marks. Hosts share the work by claiming rows; a claim of a host that died
/// runs out. A free slot takes the next row at once, whatever the others wait for.
/// </summary>
internal abstract partial class ReReader(ReReadQueue queue, int slots, StripeBudget budget, ILogger<ReReader> log)
    : PollingWorker(TimeSpan.FromSeconds(1), log)
{
    /// <summary>For all of one read, its turns in the budget included; well within the claim.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MeasureInterval = TimeSpan.FromMinutes(1);

    private readonly List<Task> _reads = []; // of the worker's loop alone
    private int _busy;
    private long? _measuredAt;

    /// <summary>Reads the object and applies what it finds, unless the claim is somebody else's by then.</summary>
    protected abstract Task<ReadOutcome> ReadAsync(ReadClaim claim, CancellationToken cancellationToken);

    protected sealed override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        await MeasureAsync(cancellationToken);
        _reads.RemoveAll(read => read.IsCompleted);
        var free = slots - Volatile.Read(ref _busy);
        if (free == 0 || budget.IsPaused)
        {
            return false;
        }
        foreach (var claim in await queue.ClaimAsync(free, cancellationToken))
        {
            Interlocked.Increment(ref _busy);
            _reads.Add(FillSlotAsync(claim, cancellationToken));
        }
        return false; // the end of each read wakes it
    }

    protected sealed override Task DrainAsync() => Task.WhenAll(_reads);

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (_measuredAt is not { } before || TimeProvider.System.GetElapsedTime(before) > MeasureInterval)
        {
            ReReadMetrics.Record(queue.Table, await queue.LookAsync(cancellationToken));
            _measuredAt = TimeProvider.System.GetTimestamp();
        }
    }

    private async Task FillSlotAsync(ReadClaim claim, CancellationToken stopping)
    {
        using var span = Otlp.Spans.StartActivity("re-read");
        try
        {
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            bounded.CancelAfter(ReadTimeout);
            var outcome = await ReadAsync(claim, bounded.Token);
            ReReadMetrics.Count(queue.Table, EnumWords<ReadOutcome>.Of(outcome));
        }
        catch (Exception failure)
        {
            await EndAsync(claim, failure, stopping.IsCancellationRequested);
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
            Wake();
        }
    }

    private async Task EndAsync(ReadClaim claim, Exception failure, bool isStopping)
    {
        try
        {
            if (isStopping)
            {
                // So that another host need not wait for the claim to run out.
                await queue.GiveBackAsync(claim, CancellationToken.None);
                return;
            }
            var isOutage = IsOutage(failure);
            var attempts = await queue.PutOffAsync(claim, isOutage, CancellationToken.None);
            var isParked = attempts == ReReadQueue.ParkedAfter && !isOutage;
            ReReadMetrics.Count(queue.Table, isParked ? "parked" : "failed");
            Report(claim, failure, attempts, isParked);
        }
        catch (Exception lost)
        {
            // Nearly always the database is gone, and was before: the claim runs out by itself.
            LogClaimLeft(queue.Table, claim.Id, lost);
        }
    }

    private void Report(ReadClaim claim, Exception failure, int attempts, bool isParked)
    {
        if (isParked)
        {
            LogParked(queue.Table, claim.Id, claim.OrgId, attempts, failure);
        }
        else if (attempts == 1 && failure is Stripe.StripeException gone && StripeErrors.IsMissing(gone))
        {
            LogMissing(queue.Table, claim.Id, claim.OrgId);
        }
        else
        {
            LogPutOff(queue.Table, claim.Id, claim.OrgId, attempts, failure);
        }
    }

    /// <summary>Whether every other row would fail too: Stripe is down or refuses us, or the database is down.</summary>
    private static bool IsOutage(Exception failure) => failure switch
    {
        Stripe.StripeException refused => (int)refused.HttpStatusCode is 401 or 403 or 409 or 429 or >= 500,
        HttpRequestException or OperationCanceledException => true,
        _ => DatabaseErrors.IsUnavailable(failure),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of {Queue}, {ObjectId} of org {OrgId} could not be read from Stripe, attempt {Attempts}; put off")]
    private partial void LogPutOff(string queue, string objectId, string? orgId, int attempts, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Of {Queue}, {ObjectId} of org {OrgId} could not be read from Stripe {Attempts} times and is parked: it is tried every six hours, and at once when something new is heard of it")]
    private partial void LogParked(string queue, string objectId, string? orgId, int attempts, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Of {Queue}, Stripe does not know {ObjectId} of org {OrgId}: is Stripe:ApiKey of the account that sent its event? It is kept as it is")]
    private partial void LogMissing(string queue, string objectId, string? orgId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of {Queue}, {ObjectId} stays claimed for a while, as it could not be given back")]
    private partial void LogClaimLeft(string queue, string objectId, Exception exception);
}
