using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Reversals;
using Microsoft.EntityFrameworkCore;

namespace Billing.Webhooks;

/// <summary>
/// Takes each event in once: its row, its effects and the mark that it is done commit in one transaction (DESIGN rules 1 and 2). An event
/// whose effects fail is kept as parked; only trouble of the database itself reaches the caller.
/// </summary>
internal sealed partial class EventInbox(
    IDbContextFactory<BillingDb> databases, EventApplication application, SubscriptionReader reader, PaymentReader payments, TimeProvider time,
    ILogger<EventInbox> log)
{
    /// <summary>Stores and applies the event. Once this returns, it is durable; a second delivery changes nothing.</summary>
    /// <param name="envelope">Of a genuine event.</param>
    /// <param name="payload">The bytes it came in.</param>
    /// <param name="cancellationToken">Not the caller's connection: a client that hangs up must cancel nothing.</param>
    public async Task ReceiveAsync(EventEnvelope envelope, byte[] payload, CancellationToken cancellationToken)
    {
        try
        {
            var decision = await databases.TransactAsync(async db =>
            {
                var row = NewRow(envelope, payload);
                return await InsertAsync(db, row, cancellationToken) ? await application.ApplyAsync(db, row, cancellationToken) : null;
            }, cancellationToken);
            LogReceived(
                envelope.Id, envelope.Type, decision?.Outcome.ToString() ?? "Duplicate", decision?.Detail ?? "", decision?.Standing ?? "");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && !DatabaseErrors.IsUnavailable(failure))
        {
            await ParkAsync(NewRow(envelope, payload), failure, cancellationToken);
            LogParked(envelope.Id, envelope.Type, failure);
        }
        reader.Wake();
        payments.Wake();
    }

    private StripeEvent NewRow(EventEnvelope envelope, byte[] payload) => new()
    {
        Id = envelope.Id,
        Type = envelope.Type,
        CreatedAt = envelope.CreatedAt,
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

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Event {StripeEventId} {EventType}: {Outcome} {Detail}{Standing}")]
    private partial void LogReceived(string stripeEventId, string eventType, string outcome, string detail, string standing);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {StripeEventId} {EventType} cannot be applied and is parked")]
    private partial void LogParked(string stripeEventId, string eventType, Exception exception);
}
