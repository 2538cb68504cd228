using System.Diagnostics;
using System.Threading.Channels;
using Billing.Api;
using Billing.Background;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Reversals;
using Billing.Telemetry;

namespace Billing.Webhooks;

/// <summary>
/// Takes each event in once: its row, its effects and the mark that it is done commit in one transaction (DESIGN rules 1 and 2). Events that
/// arrive while a transaction is under way commit together in the next one, so that many cost one sync of the disk; one that arrives alone
/// waits for nothing. An event whose effects fail is kept as parked; only trouble of the database itself reaches the caller.
/// </summary>
/// <remarks>
/// There is no worker: whoever brings an event while nobody has the turn stores a batch himself (<see cref="Turns"/>). A second transaction at a
/// time makes the batches smaller and everything slower (docs/performance.md).
/// </remarks>
internal sealed partial class EventInbox(
    IntakeDatabase database, EventApplication application, SubscriptionReader subscriptions, PaymentReader payments, ILogger<EventInbox> log)
    : IBatches, IHostedService, IDisposable
{
    private const int MaxBatch = 128;
    private const int MaxBatchBytes = 8 * 1024 * 1024;
    private const int MaxWaiting = 4096;

    /// <summary>Deliveries are at most 2 MiB each.</summary>
    private const long MaxWaitingBytes = 64 * 1024 * 1024;

    private readonly Channel<Delivery> _waiting = Channel.CreateBounded<Delivery>(MaxWaiting);
    private readonly Turns _turns = new(1);
    private long _waitingBytes;
    private int _lastBatch;

    bool IBatches.IsWaiting => _waiting.Reader.TryPeek(out _);

    /// <summary>Stores and applies the event. Once this returns, it is durable; a second delivery changes nothing.</summary>
    /// <param name="e">A genuine one.</param>
    /// <exception cref="ApiException">503: too many are waiting already, or the host stops; nothing is stored.</exception>
    /// <exception cref="Exception">Trouble of the database: whether it is stored is not known.</exception>
    public async Task ReceiveAsync(ReceivedEvent e)
    {
        var (delivery, bytes) = (new Delivery(e), e.Row.Payload.Length);
        if (Interlocked.Add(ref _waitingBytes, bytes) > MaxWaitingBytes || !_waiting.Writer.TryWrite(delivery))
        {
            Interlocked.Add(ref _waitingBytes, -bytes);
            LogFull(e.Row.Id, e.Row.Type);
            EventMetrics.Count(e.Row.Type, "refused");
            throw new ApiException(ApiError.Unavailable("Too many events are waiting to be stored. Send it again."));
        }
        EventMetrics.Wait(1);
        try
        {
            await _turns.TryAsync(this);
            Log(e, await delivery.Receipt);
        }
        catch
        {
            EventMetrics.Count(e.Row.Type, "failed");
            throw;
        }
        finally
        {
            EventMetrics.Wait(-1);
            Interlocked.Add(ref _waitingBytes, -bytes);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stores what is waiting, whose callers are still connected.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await _waiting.Reader.Completion.WaitAsync(cancellationToken);
        await _turns.EndAsync(cancellationToken);
    }

    public void Dispose() => _turns.Dispose();

    async Task IBatches.WorkAsync()
    {
        var batch = Take();
        try
        {
            await ReceiveAsync(batch);
        }
        catch (Exception failure)
        {
            LogBroken(failure);
            batch.ForEach(same => Fail(same, new ApiException(ApiError.Unavailable("The event could not be stored. Send it again."))));
        }
    }

    /// <summary>
    /// Half of those who send, to go by the last batch and by who waits now: while one half is stored the other half is answered, sends again and
    /// is read. Whoever takes all that wait has the database wait for the senders and the senders for the database in turn.
    /// </summary>
    private List<IGrouping<string, Delivery>> Take()
    {
        var (batch, bytes) = (new List<Delivery>(), 0);
        var most = Math.Min((_lastBatch + _waiting.Reader.Count + 1) / 2, MaxBatch);
        while (batch.Count < most && bytes < MaxBatchBytes && _waiting.Reader.TryRead(out var next))
        {
            batch.Add(next);
            bytes += next.Event.Row.Payload.Length;
        }
        _lastBatch = batch.Count;
        return [.. batch.GroupBy(delivery => delivery.Event.Row.Id)];
    }

    /// <summary>Stores deliveries, those of one event as one, and answers each.</summary>
    private async Task ReceiveAsync(List<IGrouping<string, Delivery>> batch)
    {
        if (batch.Count == 0)
        {
            return; // somebody else took what the caller brought
        }
        try
        {
            using var span = Trace(batch);
            var applied = await StoreAsync([.. batch.Select(same => same.First().Event)]);
            EventMetrics.RecordBatch(batch.Count);
            Wake(applied);
            Answer(batch, applied);
        }
        catch (EventFailureException poison)
        {
            poison.Failed.Failure = poison.InnerException;
            await ReceiveAsync(batch);
        }
        catch (Exception outage) when (DatabaseErrors.IsUnavailable(outage))
        {
            batch.ForEach(same => Fail(same, outage));
        }
        catch (Exception) when (batch.Count > 1)
        {
            // One of them is more than the database takes: it stands alone in the end, and the others go through.
            var half = batch.Count / 2;
            await ReceiveAsync(batch[..half]);
            await ReceiveAsync(batch[half..]);
        }
        catch (Exception failure) when (batch[0].First().Event.Failure is null)
        {
            batch[0].First().Event.Failure = failure;
            await ReceiveAsync(batch);
        }
        catch (Exception failure)
        {
            LogLost(batch[0].Key, failure); // not even parked; Stripe sends it again
            Fail(batch[0], new ApiException(ApiError.Unavailable("The event could not be stored. Send it again.")));
        }
    }

    private Task<AppliedEvents> StoreAsync(IReadOnlyCollection<ReceivedEvent> events) => database.ConnectAsync(async db =>
    {
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var applied = await application.ApplyAsync(db, events, areStored: false, CancellationToken.None);
        if (applied.Decisions.Count > 0)
        {
            await EventRows.CommitAsync(db, applied, CancellationToken.None);
        }
        return applied;
    }, CancellationToken.None);

    /// <summary>A span for the transaction, in the trace of the first delivery and with links to those of the others.</summary>
    private static Activity? Trace(List<IGrouping<string, Delivery>> batch)
    {
        if (!Otlp.Spans.HasListeners())
        {
            return null;
        }
        Activity.Current = null; // of whoever has the turn: that his delivery is among these is chance
        var callers = batch.SelectMany(same => same).Select(delivery => delivery.Caller);
        return Otlp.Spans.StartActivity(
            "store events", ActivityKind.Internal, callers.First(), [new("billing.events", batch.Count)],
            callers.Skip(1).Select(caller => new ActivityLink(caller)));
    }

    private void Wake(AppliedEvents applied)
    {
        if (applied.MarksSubscriptions)
        {
            subscriptions.Wake();
        }
        if (applied.MarksPayments)
        {
            payments.Wake();
        }
    }

    private static void Answer(List<IGrouping<string, Delivery>> batch, AppliedEvents applied)
    {
        foreach (var same in batch)
        {
            var receipt = applied.Receipt(same.First().Event.Row);
            foreach (var delivery in same)
            {
                delivery.Complete(receipt);
                receipt = EventReceipt.Duplicate;
            }
        }
    }

    private void Log(ReceivedEvent e, EventReceipt receipt)
    {
        EventMetrics.Count(e.Row.Type, receipt.Outcome is { } outcome ? EnumWords<EventOutcome>.Of(outcome) : "duplicate");
        if (receipt.Outcome == EventOutcome.Parked)
        {
            LogParked(e.Row.Id, e.Row.Type, e.Failure);
        }
        else
        {
            LogReceived(e.Row.Id, e.Row.Type, receipt.Outcome?.ToString() ?? "Duplicate", receipt.Detail ?? "", receipt.Standing ?? "");
        }
    }

    private static void Fail(IEnumerable<Delivery> same, Exception failure)
    {
        foreach (var delivery in same)
        {
            delivery.Fail(failure);
        }
    }

    private sealed class Delivery(ReceivedEvent e)
    {
        private readonly TaskCompletionSource<EventReceipt> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ReceivedEvent Event => e;

        /// <summary>The request's span, if there is one.</summary>
        public ActivityContext Caller { get; } = Otlp.Spans.HasListeners() ? Activity.Current?.Context ?? default : default;

        public Task<EventReceipt> Receipt => _done.Task;

        public void Complete(EventReceipt receipt) => _done.TrySetResult(receipt);

        public void Fail(Exception failure) => _done.TrySetException(failure);
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Event {StripeEventId} {EventType}: {Outcome} {Detail}{Standing}")]
    private partial void LogReceived(string stripeEventId, string eventType, string outcome, string detail, string standing);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {StripeEventId} {EventType} cannot be applied and is parked")]
    private partial void LogParked(string stripeEventId, string eventType, Exception? exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {StripeEventId} {EventType} is refused: too many are waiting, or the host stops")]
    private partial void LogFull(string stripeEventId, string eventType);

    [LoggerMessage(Level = LogLevel.Error, Message = "Storing events broke off unexpectedly; those of the batch that were not answered are refused")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {StripeEventId} could be neither applied nor parked and is not stored")]
    private partial void LogLost(string stripeEventId, Exception exception);
}
