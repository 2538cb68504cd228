using Billing.Background;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Webhooks;

/// <summary>
/// Empties the bodies of old events and deletes the rows of older ones, a few at a time and with pauses, so that neither locks nor the
/// write-ahead log are felt by the intake. Hosts may do it side by side: each skips what another one has. Parked events stay as they are,
/// however old, until they are applied.
/// </summary>
/// <remarks>
/// Both statements walk <c>ix_stripe_events_pruning</c>, whose first column is 1 while there is a body and 0 afterwards: an emptied row
/// leaves the part that is walked for bodies, and none is walked twice. The expression and the condition on the outcome must be spelt as
/// in the index (migration <c>EventPruning</c>). A locked row stays where it is, so its place finds it without a further index.
/// </remarks>
internal sealed partial class EventPruning(
    IDbContextFactory<BillingDb> databases, IOptions<BillingOptions> options, TimeProvider time, ILogger<EventPruning> log)
    : PollingWorker(TimeSpan.FromMinutes(15), log)
{
    public const int Step = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var (retention, now) = (options.Value.Retention, time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Bodies first: rows are deleted once they have none.
        var emptied = await EmptyAsync(db, now - retention.Payloads, cancellationToken);
        var deleted = emptied < Step ? await DeleteAsync(db, now - retention.Events, cancellationToken) : 0;
        var forgotten = emptied < Step ? await ForgetAsync(db, now - retention.Events, cancellationToken) : 0;
        if (emptied + deleted + forgotten > 0)
        {
            LogPruned(emptied, deleted, forgotten);
        }
        if (emptied < Step && deleted < Step && forgotten < Step)
        {
            return false;
        }
        await Task.Delay(Pause, cancellationToken);
        return true;
    }

    private static Task<int> EmptyAsync(BillingDb db, DateTimeOffset receivedUntil, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE stripe_events SET payload = ''
            WHERE ctid = ANY (ARRAY (
                SELECT ctid FROM stripe_events
                WHERE least(octet_length(payload), 1) = 1 AND received_at <= {receivedUntil} AND outcome <> 'parked'
                ORDER BY received_at LIMIT {Step} FOR UPDATE SKIP LOCKED))
            """, cancellationToken);

    private static Task<int> DeleteAsync(BillingDb db, DateTimeOffset receivedUntil, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM stripe_events
            WHERE ctid = ANY (ARRAY (
                SELECT ctid FROM stripe_events
                WHERE least(octet_length(payload), 1) = 0 AND received_at <= {receivedUntil} AND outcome <> 'parked'
                ORDER BY received_at LIMIT {Step} FOR UPDATE SKIP LOCKED))
            """, cancellationToken);

    private static Task<int> ForgetAsync(BillingDb db, DateTimeOffset happenedUntil, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM activities
            WHERE ctid = ANY (ARRAY (
                SELECT ctid FROM activities WHERE happened_at <= {happenedUntil} ORDER BY happened_at LIMIT {Step} FOR UPDATE SKIP LOCKED))
            """, cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Old events: {Emptied} bodies emptied, {Deleted} rows deleted; {Forgotten} activities deleted")]
    private partial void LogPruned(int emptied, int deleted, int forgotten);
}
