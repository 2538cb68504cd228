using Billing.Persistence;
using Billing.Reversals;
using Npgsql;

namespace Billing.Webhooks;

/// <summary>Writes what events led to: set-based, one round trip for orgs, subscriptions, payments and the inbox together.</summary>
internal static class EventRows
{
    /// <summary>Writes what changed and the payments to be read.</summary>
    public static async Task WriteAsync(BillingDb db, AppliedEvents applied, CancellationToken cancellationToken)
    {
        await using var batch = await BeginAsync(db, applied, cancellationToken);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>The same, inserts the events' rows and commits, all in one round trip.</summary>
    /// <exception cref="ConflictException">One was stored by somebody else meanwhile: nothing of it is committed.</exception>
    public static async Task CommitAsync(BillingDb db, AppliedEvents applied, CancellationToken cancellationToken)
    {
        await using var batch = await BeginAsync(db, applied, cancellationToken);
        batch.BatchCommands.Add(Insert([.. applied.Decisions.Keys]));
        batch.BatchCommands.Add(BatchCommands.New("COMMIT")); // what comes after a statement that fails is not executed
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException stored) when (stored is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "stripe_events" })
        {
            throw new ConflictException("An event was stored by another host meanwhile.");
        }
    }

    private static async Task<NpgsqlBatch> BeginAsync(BillingDb db, AppliedEvents applied, CancellationToken cancellationToken)
    {
        db.ChangeTracker.DetectChanges();
        await db.SaveChangesAsync(cancellationToken); // what the context tracks, which most events change nothing of
        var batch = db.NewBatch();
        if (applied.Subscriptions is { Rows.Count: > 0 } subscriptions)
        {
            batch.BatchCommands.Add(EntityRows<Subscription>.Of(db).Update(subscriptions.Rows, subscriptions.Columns));
        }
        if (applied.Orgs is { Rows.Count: > 0 } orgs)
        {
            batch.BatchCommands.Add(EntityRows<Org>.Of(db).Update(orgs.Rows, orgs.Columns));
        }
        if (applied.Payments.Count > 0)
        {
            batch.BatchCommands.Add(PaymentMarks.Mark(applied.Payments));
        }
        return batch;
    }

    /// <summary>In the order of the ids, so that hosts that insert the same ones wait for each other and do not deadlock.</summary>
    private static NpgsqlBatchCommand Insert(StripeEvent[] rows) => BatchCommands.New(
        """
        INSERT INTO stripe_events (id, type, created_at, received_at, payload, org_id, outcome, detail, attempts, retry_at)
        SELECT id, type, created_at, received_at, payload, org_id, outcome, detail, attempts, clock_timestamp() + backoff
        FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::bytea[], $6::text[], $7::text[], $8::text[], $9::int[], $10::interval[])
            AS event(id, type, created_at, received_at, payload, org_id, outcome, detail, attempts, backoff)
        ORDER BY id
        """,
        Column(rows, row => row.Id), Column(rows, row => row.Type), Column(rows, row => row.CreatedAt), Column(rows, row => row.ReceivedAt),
        Column(rows, Payload), Column(rows, row => row.OrgId), Column(rows, row => EnumWords<EventOutcome>.Of(row.Outcome)),
        Column(rows, row => row.Detail), Column(rows, row => row.Attempts),
        Column(rows, row => row.Outcome == EventOutcome.Parked ? ParkedEvents.Backoff(row.Attempts) : (TimeSpan?)null));

    /// <summary>Nothing of Stripe's last word on somebody who is no customer of ours, or was erased here before.</summary>
    private static byte[] Payload(StripeEvent row) =>
        row is { Type: "customer.deleted", OrgId: null, Outcome: EventOutcome.Ignored } ? [] : row.Payload;

    private static T[] Column<T>(StripeEvent[] rows, Func<StripeEvent, T> value) => Array.ConvertAll(rows, row => value(row));
}
