using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Reversals;

/// <summary>Asks for a payment's refunds and disputes to be read from Stripe, once for however many reasons come together.</summary>
internal static class PaymentMarks
{
    /// <summary>Events told of refunds or disputes. Whose payments these are may not be known yet; the read finds out.</summary>
    /// <param name="paymentIntentIds">In the order in which rows are locked.</param>
    public static NpgsqlBatchCommand Mark(IReadOnlyCollection<string> paymentIntentIds) => BatchCommands.New(
        """
        INSERT INTO payments AS p (id, paid, refunded, disputed, re_read_due_at, re_read_requests, re_read_attempts)
        SELECT id, 0, 0, 0, clock_timestamp(), 1, 0 FROM unnest($1) WITH ORDINALITY AS payment(id, number) ORDER BY number
        ON CONFLICT (id) DO UPDATE SET re_read_due_at = least(p.re_read_due_at, clock_timestamp()), re_read_requests = p.re_read_requests + 1, re_read_attempts = 0
        """,
        [paymentIntentIds.ToArray()]);

    /// <summary>
    /// Has every payment of the org read at once that money went back of, or may have; one whose reads failed waits no longer for the next try.
    /// The org need not be locked.
    /// </summary>
    public static Task MarkAllAsync(BillingDb db, string orgId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE payments SET re_read_due_at = clock_timestamp(), re_read_requests = re_read_requests + 1
            WHERE id IN (
                SELECT id FROM payments
                WHERE org_id = {orgId} AND (re_read_due_at IS NULL OR re_read_due_at > clock_timestamp()) ORDER BY id FOR UPDATE SKIP LOCKED)
            """, cancellationToken);

    /// <summary>Something was granted for these: reversals that came before it are to be booked now.</summary>
    public static Task RemindAsync(this BillingDb db, IReadOnlyCollection<string> paymentsOrInvoices, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE payments SET re_read_due_at = least(re_read_due_at, clock_timestamp()), re_read_requests = re_read_requests + 1, re_read_attempts = 0
            WHERE id IN (
                SELECT id FROM payments WHERE id = ANY ({paymentsOrInvoices}) OR invoice_id = ANY ({paymentsOrInvoices}) ORDER BY id FOR UPDATE)
            """, cancellationToken);
}
