using Billing.Background;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reversals;

/// <summary>
/// Reads marked payments from Stripe with their refunds and disputes and books what follows: the order, repetition or loss of events does
/// not matter, as only what Stripe says now is booked. Hosts share the work by claiming rows; a claim of a host that died runs out.
/// </summary>
internal sealed partial class PaymentReader(
    IDbContextFactory<BillingDb> databases, Stripe.IStripeClient stripe, PaymentOwners owners, ReversalBook book, ILogger<PaymentReader> log)
    : PollingWorker(TimeSpan.FromSeconds(1), log)
{
    private const int BatchSize = 4;

    private static readonly TimeSpan ClaimDuration = TimeSpan.FromMinutes(2);

    /// <summary>For all calls to Stripe of one payment; well within the claim.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMinutes(1);

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var due = await ClaimAsync(cancellationToken);
        await Task.WhenAll(due.Select(claim => ReadAsync(claim, cancellationToken)));
        return due.Count == BatchSize;
    }

    private async Task<List<PaymentClaim>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.SqlQuery<PaymentClaim>(
            $"""
            UPDATE payments SET re_read_claimed_until = clock_timestamp() + {ClaimDuration}
            WHERE id IN (
                SELECT id FROM payments
                WHERE re_read_due_at <= clock_timestamp()
                  AND (re_read_claimed_until IS NULL OR re_read_claimed_until < clock_timestamp())
                ORDER BY re_read_due_at LIMIT {BatchSize} FOR UPDATE SKIP LOCKED)
            RETURNING id AS "Id", re_read_requests AS "Requests", re_read_claimed_until AS "Until"
            """).ToListAsync(cancellationToken);
    }

    private async Task ReadAsync(PaymentClaim claim, CancellationToken cancellationToken)
    {
        try
        {
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            bounded.CancelAfter(ReadTimeout);
            var facts = await PaymentFacts.ReadAsync(stripe, claim.Id, bounded.Token);
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var found = await db.Payments.AsNoTracking().SingleAsync(payment => payment.Id == claim.Id, cancellationToken);
            await owners.FindAsync(db, found, facts, bounded.Token);
            LogRead(claim.Id, found.OrgId, facts.Reversals.Count, await ApplyAsync(claim, found, facts, cancellationToken));
        }
        catch (Exception failure) when (!DatabaseErrors.IsUnavailable(failure))
        {
            // Given back even when the host stops, so that another one need not wait for the claim to run out.
            await PutOffAsync(claim, CancellationToken.None);
            if (!cancellationToken.IsCancellationRequested)
            {
                LogReadFailed(claim.Id, failure);
            }
        }
    }

    /// <returns>False if another host took over meanwhile, whose read counts.</returns>
    private Task<bool> ApplyAsync(PaymentClaim claim, Payment found, PaymentFacts facts, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            // The org first, then the payment: the order in which settlements take them.
            if (found.OrgId is not null)
            {
                await db.LockOrgAsync(found.OrgId, cancellationToken);
            }
            var payment = await db.Payments.FromSql($"SELECT * FROM payments WHERE id = {claim.Id} FOR UPDATE").SingleAsync(cancellationToken);
            if (payment.ReReadClaimedUntil != claim.Until)
            {
                return false;
            }
            (payment.ReReadClaimedUntil, payment.ReReadAttempts) = (null, 0);
            payment.ReReadDueAt = payment.ReReadRequests == claim.Requests ? null : payment.ReReadDueAt;
            (payment.OrgId, payment.InvoiceId, payment.Paid, payment.Currency) = (found.OrgId, found.InvoiceId, found.Paid, found.Currency);
            if (payment.OrgId is not null)
            {
                await book.ApplyAsync(db, payment, facts, cancellationToken);
            }
            return true;
        }, cancellationToken);

    private async Task PutOffAsync(PaymentClaim claim, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE payments SET re_read_claimed_until = NULL, re_read_attempts = re_read_attempts + 1,
                re_read_due_at = clock_timestamp() + least(interval '10 minutes', interval '1 second' * power(2, least(re_read_attempts, 10)))
                    * (0.75 + random() / 2)
            WHERE id = {claim.Id} AND re_read_claimed_until = {claim.Until}
            """, cancellationToken);
    }

    private sealed record PaymentClaim(string Id, long Requests, DateTimeOffset Until);

    [LoggerMessage(Level = LogLevel.Information, Message = "Payment {PaymentId} of org {OrgId} read from Stripe: {Count} refunds and disputes, applied: {Applied}")]
    private partial void LogRead(string paymentId, string? orgId, int count, bool applied);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Payment {PaymentId} could not be read from Stripe; put off")]
    private partial void LogReadFailed(string paymentId, Exception exception);
}
