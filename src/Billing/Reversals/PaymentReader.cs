using Billing.Background;
using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reversals;

/// <summary>
/// Reads marked payments from Stripe with their refunds and disputes and books what follows: the order, repetition or loss of events does
/// not matter, as only what Stripe says now is booked.
/// </summary>
internal sealed partial class PaymentReader(
    IDbContextFactory<BillingDb> databases, [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, StripeBudget budget,
    PaymentOwners owners, ReversalBook book, TimeProvider time, ILogger<PaymentReader> log)
    : ReReader(new ReReadQueue(databases, "payments"), slots: 4, budget, log)
{
    protected override async Task<ReadOutcome> ReadAsync(ReadClaim claim, CancellationToken cancellationToken)
    {
        var facts = await PaymentFacts.ReadAsync(stripe, claim.Id, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.Payments.AsNoTracking().SingleAsync(payment => payment.Id == claim.Id, cancellationToken);
        await owners.FindAsync(db, found, facts, cancellationToken);
        var isApplied = await ApplyAsync(claim, found, facts, cancellationToken);
        LogRead(claim.Id, found.OrgId, facts.Reversals.Count, isApplied);
        return isApplied ? ReadOutcome.Applied : ReadOutcome.Superseded;
    }

    /// <returns>False if another host took over meanwhile, whose read counts.</returns>
    private Task<bool> ApplyAsync(ReadClaim claim, Payment found, PaymentFacts facts, CancellationToken cancellationToken) =>
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
                var detail = $"{facts.Reversals.Count} refunds and disputes; refunded {payment.Refunded}, disputed {payment.Disputed} of {payment.Paid}";
                db.Activities.Add(Activity.New(payment.OrgId, ActivityKind.StripeRead, payment.Id, detail, time.GetUtcNow()));
            }
            return true;
        }, cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Payment {PaymentId} of org {OrgId} read from Stripe: {Count} refunds and disputes, applied: {Applied}")]
    private partial void LogRead(string paymentId, string? orgId, int count, bool applied);
}
