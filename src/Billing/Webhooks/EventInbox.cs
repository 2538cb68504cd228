using System.Threading.Channels;
using Billing.Api;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Reversals;
using Microsoft.EntityFrameworkCore;

namespace Billing.Webhooks;

/// <summary>
/// Takes each event in once: its row, its effects and the mark that it is done commit in one transaction (DESIGN rules 1 and 2). Events that
/// arrive while a transaction is under way commit together in the next one, so that many cost one sync of the disk; one that arrives alone
/// waits for nothing. An event whose effects fail is kept as parked; only trouble of the database itself reaches the caller.
/// </summary>
internal sealed partial class EventInbox : IHostedService
{
    private const int MaxBatch = 128;
    private const int MaxBatchBytes = 8 * 1024 * 1024;
    private const int MaxWaiting = 4096;

    /// <summary>Deliveries are at most 2 MiB each.</summary>
    private const long MaxWaitingBytes = 64 * 1024 * 1024;

    private readonly Channel<Delivery> _waiting =
        Channel.CreateBounded<Delivery>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly IDbContextFactory<BillingDb> _databases;
    private readonly EventApplication _application;
    private readonly SubscriptionReader _subscriptions;
    private readonly PaymentReader _payments;
    private readonly TimeProvider _time;
    private readonly ILogger<EventInbox> _log;
    private readonly Task _work;
    private long _waitingBytes;

    public EventInbox(
        IDbContextFactory<BillingDb> databases, EventApplication application, SubscriptionReader subscriptions, PaymentReader payments,
        TimeProvider time, ILogger<EventInbox> log)
    {
        (_databases, _application, _subscriptions, _payments, _time, _log) = (databases, application, subscriptions, payments, time, log);
        _work = Task.Run(WorkAsync); // also for a command, which starts no host
    }

    /// <summary>Stores and applies the event. Once this returns, it is durable; a second delivery changes nothing.</summary>
    /// <param name="envelope">Of a genuine event.</param>
    /// <param name="payload">The bytes it came in.</param>
    /// <exception cref="ApiException">503: too many are waiting already, or the host stops; nothing is stored.</exception>
    /// <exception cref="Exception">Trouble of the database: whether it is stored is not known.</exception>
    public async Task ReceiveAsync(EventEnvelope envelope, byte[] payload)
    {
        var row = new StripeEvent
        {
            Id = envelope.Id,
            Type = envelope.Type,
            CreatedAt = envelope.CreatedAt,
            ReceivedAt = _time.GetUtcNow(),
            Payload = payload,
        };
        var delivery = new Delivery(ReceivedEvent.Read(row)); // read here, on as many threads as there are callers
        if (Interlocked.Add(ref _waitingBytes, payload.Length) > MaxWaitingBytes || !_waiting.Writer.TryWrite(delivery))
        {
            Interlocked.Add(ref _waitingBytes, -payload.Length);
            LogFull(envelope.Id, envelope.Type);
            throw new ApiException(ApiError.Unavailable("Too many events are waiting to be stored. Send it again."));
        }
        try
        {
            await delivery.Done;
        }
        finally
        {
            Interlocked.Add(ref _waitingBytes, -payload.Length);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stores what is waiting, whose callers are still connected.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        return _work.WaitAsync(cancellationToken);
    }

    private async Task WorkAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var (batch, bytes) = (new List<Delivery>(), 0);
            while (batch.Count < MaxBatch && bytes < MaxBatchBytes && _waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
                bytes += next.Event.Row.Payload.Length;
            }
            await ReceiveAsync([.. batch.GroupBy(delivery => delivery.Event.Row.Id)]);
        }
    }

    /// <summary>Stores deliveries, those of one event as one, and answers each; never throws.</summary>
    private async Task ReceiveAsync(List<IGrouping<string, Delivery>> batch)
    {
        try
        {
            var applied = await StoreAsync([.. batch.Select(same => same.First().Event)]);
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

    private Task<AppliedEvents> StoreAsync(IReadOnlyCollection<ReceivedEvent> events) => _databases.BeginAsync(async (db, _) =>
    {
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        var applied = await _application.ApplyAsync(db, events, areStored: false, CancellationToken.None);
        if (applied.Decisions.Count > 0)
        {
            await EventRows.CommitAsync(db, applied, CancellationToken.None);
        }
        return applied;
    }, CancellationToken.None);

    private void Wake(AppliedEvents applied)
    {
        if (applied.MarksSubscriptions)
        {
            _subscriptions.Wake();
        }
        if (applied.MarksPayments)
        {
            _payments.Wake();
        }
    }

    private void Answer(List<IGrouping<string, Delivery>> batch, AppliedEvents applied)
    {
        foreach (var same in batch)
        {
            var e = same.First().Event;
            var decision = applied.Decisions.GetValueOrDefault(e.Row);
            if (e.Failure is not null && decision is not null)
            {
                LogParked(e.Row.Id, e.Row.Type, e.Failure);
            }
            else
            {
                LogReceived(e.Row.Id, e.Row.Type, decision?.Outcome.ToString() ?? "Duplicate", decision?.Detail ?? "", applied.Standing(e.Row) ?? "");
            }
            foreach (var delivery in same)
            {
                delivery.Complete();
            }
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
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ReceivedEvent Event => e;

        public Task Done => _done.Task;

        public void Complete() => _done.SetResult();

        public void Fail(Exception failure) => _done.SetException(failure);
    }

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Event {StripeEventId} {EventType}: {Outcome} {Detail}{Standing}")]
    private partial void LogReceived(string stripeEventId, string eventType, string outcome, string detail, string standing);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {StripeEventId} {EventType} cannot be applied and is parked")]
    private partial void LogParked(string stripeEventId, string eventType, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {StripeEventId} {EventType} is refused: too many are waiting, or the host stops")]
    private partial void LogFull(string stripeEventId, string eventType);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {StripeEventId} could be neither applied nor parked and is not stored")]
    private partial void LogLost(string stripeEventId, Exception exception);
}
