using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Fulfilment;

/// <summary>Asks for a subscription to be read again from Stripe, once for however many reasons come together.</summary>
internal static class ReReads
{
    /// <summary>How far this host's clock may be ahead of the database's, which says what is due.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    /// <summary>Makes a row for a subscription of the org's that no event has told us of, and has it read. The org must be locked.</summary>
    public static async Task DiscoverAsync(this BillingDb db, string orgId, string subscriptionId, CancellationToken cancellationToken)
    {
        if (await db.Subscriptions.FindAsync([subscriptionId], cancellationToken) is null)
        {
            var found = new Subscription { Id = subscriptionId, OrgId = orgId };
            found.RequestReRead();
            db.Subscriptions.Add(found);
        }
    }

    /// <summary>
    /// Has every subscription of the org read at once that has not ended for good, as far as we know: its end may have got lost. One whose reads
    /// failed waits no longer for the next try. The org need not be locked: a row that somebody else is changing is left to him, so that nobody
    /// waits for two rows in different orders.
    /// </summary>
    public static Task RequestReReadsAsync(this BillingDb db, string orgId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE subscriptions SET re_read_due_at = clock_timestamp(), re_read_requests = re_read_requests + 1
            WHERE id IN (
                SELECT id FROM subscriptions
                WHERE org_id = {orgId} AND (status IS NULL OR status NOT IN ('canceled', 'incomplete_expired'))
                  AND (re_read_due_at IS NULL OR re_read_due_at > clock_timestamp())
                ORDER BY id FOR UPDATE SKIP LOCKED)
            """, cancellationToken);

    /// <summary>Marks the row; the worker finds the mark there at once. A row that is due already keeps its place in the queue.</summary>
    public static void RequestReRead(this Subscription subscription)
    {
        subscription.ReReadRequests++;
        subscription.ReReadAttempts = 0;
        var due = TimeProvider.System.GetUtcNow() - ClockSkew;
        subscription.ReReadDueAt = subscription.ReReadDueAt < due ? subscription.ReReadDueAt : due;
    }
}
