using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Webhooks;

/// <summary>
/// Takes each event in once: its row, its effects and the mark that it is done commit in one transaction (DESIGN rules 1 and 2). An event
/// whose effects fail is kept as parked; only trouble of the database itself reaches the caller.
/// </summary>
internal sealed partial class EventInbox(
    IDbContextFactory<BillingDb> databases, EventApplication application, SubscriptionReader reader, TimeProvider time,
    ILogger<EventInbox> log)
{
    /// <summary>Stores and applies the event. Once this returns, it is durable; a second delivery changes nothing.</summary>
    /// <param name="e">Verified.</param>
    /// <param name="payload">The bytes it came in.</param>
    /// <param name="cancellationToken">Not the caller's connection: a client that hangs up must cancel nothing.</param>
    public async Task ReceiveAsync(Stripe.Event e, byte[] payload, CancellationToken cancellationToken)
    {
        EventDecision? decision;
        try
        {
            decision = await databases.TransactAsync(async db =>
            {
                var row = NewRow(e, payload);
                return await InsertAsync(db, row, cancellationToken) ? await application.ApplyAsync(db, row, e, cancellationToken) : null;
            }, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && !DatabaseErrors.IsUnavailable(failure))
        {
            LogParked(e.Id, e.Type, failure);
            await ParkAsync(NewRow(e, payload), failure, cancellationToken);
            return;
        }

        LogReceived(e.Id, e.Type, decision?.Outcome, decision?.Detail ?? (decision is null ? "delivered before" : null));
        reader.Wake();
    }

    private StripeEvent NewRow(Stripe.Event e, byte[] payload) => new()
    {
        Id = e.Id,
        Type = e.Type,
        CreatedAt = e.Created,
        ReceivedAt = time.GetUtcNow(),
        Payload = payload,
    };

    /// <summary>Waits for a concurrent delivery of the same event; false if that one, or an earlier one, has it.</summary>
    private static async Task<bool> InsertAsync(BillingDb db, StripeEvent row, CancellationToken cancellationToken)
    {
        var inserted = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO stripe_events (id, type, created_at, received_at, payload, outcome, detail, attempts, retry_at)
            VALUES ({row.Id}, {row.Type}, {row.CreatedAt}, {row.ReceivedAt}, {row.Payload}, 'parked', {row.Detail}, {row.Attempts},
                CASE WHEN {row.Attempts} > 0 THEN clock_timestamp() + {ParkedEvents.Backoff(row.Attempts)} END)
            ON CONFLICT DO NOTHING
            """, cancellationToken);
        return inserted == 1;
    }

    private Task<bool> ParkAsync(StripeEvent row, Exception failure, CancellationToken cancellationToken)
    {
        row.Detail = ParkedEvents.Describe(failure);
        row.Attempts = 1;
        return databases.TransactAsync(db => InsertAsync(db, row, cancellationToken), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Event {StripeEventId} {EventType}: {Outcome} {Detail}")]
    private partial void LogReceived(string stripeEventId, string eventType, EventOutcome? outcome, string? detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {StripeEventId} {EventType} cannot be applied and is parked")]
    private partial void LogParked(string stripeEventId, string eventType, Exception exception);
}
