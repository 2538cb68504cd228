using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reversals;

/// <summary>Asks for a payment's refunds and disputes to be read from Stripe, once for however many reasons come together.</summary>
internal static class PaymentMarks
{
    /// <summary>An event told of a refund or dispute. Whose payment it is may not be known yet; the read finds out.</summary>
    public static Task MarkAsync(this BillingDb db, string paymentIntentId, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO payments AS p (id, paid, refunded, disputed, re_read_due_at, re_read_requests, re_read_attempts)
        VALUES ({paymentIntentId}, 0, 0, 0, clock_timestamp(), 1, 0)
        ON CONFLICT (id) DO UPDATE SET re_read_due_at = least(p.re_read_due_at, clock_timestamp()), re_read_requests = p.re_read_requests + 1, re_read_attempts = 0
        """, cancellationToken);

    /// <summary>Something was granted for these: reversals that came before it are to be booked now.</summary>
    public static Task RemindAsync(this BillingDb db, IReadOnlyCollection<string> paymentsOrInvoices, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE payments SET re_read_due_at = least(re_read_due_at, clock_timestamp()), re_read_requests = re_read_requests + 1, re_read_attempts = 0
            WHERE id = ANY ({paymentsOrInvoices}) OR invoice_id = ANY ({paymentsOrInvoices})
            """, cancellationToken);
}
