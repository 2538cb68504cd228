using Billing.Fulfilment;
using Billing.Ledger;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reversals;

/// <summary>Books what refunds and disputes of a payment take back, and gives back what came back (DESIGN rule 7).</summary>
internal sealed class ReversalBook(LedgerRows ledgers, Settlement settlement, TimeProvider time)
{
    /// <summary>Brings the org in line with what Stripe says about the payment, in the caller's transaction.</summary>
    /// <param name="db">With a transaction.</param>
    /// <param name="payment">Tracked; of an org.</param>
    /// <param name="facts">What Stripe says.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public async Task ApplyAsync(BillingDb db, Payment payment, PaymentFacts facts, CancellationToken cancellationToken)
    {
        var org = await db.LockOrgAsync(payment.OrgId!, cancellationToken)
            ?? throw new InvalidOperationException($"Org {payment.OrgId} vanished.");
        var reversals = await MergeAsync(db, payment, facts, cancellationToken);
        payment.Refunded = reversals.Where(r => r.Kind == ReversalKind.Refund && r.Counts()).Sum(r => r.Amount);
        payment.Disputed = reversals.Where(r => r.Kind == ReversalKind.Dispute && r.Counts()).Sum(r => r.Amount);
        if (payment.InvoiceId is null)
        {
            await BookAsync(db, org, payment, grant => ReversalSums.Share(grant.Amount, payment.Refunded + payment.Disputed, payment.Paid), cancellationToken);
        }
        else
        {
            await ReverseInvoiceAsync(db, org, payment, reversals, cancellationToken);
        }
    }

    /// <summary>A full refund or a lost dispute ends what the invoice brought and would bring; a part of it is recorded only.</summary>
    private async Task ReverseInvoiceAsync(
        BillingDb db, Org org, Payment payment, List<Reversal> reversals, CancellationToken cancellationToken)
    {
        var isReversed = payment.Paid > 0
            && (payment.Refunded >= payment.Paid || reversals.Exists(r => r is { Kind: ReversalKind.Dispute, Status: ReversalSums.Lost }));
        var periods = await db.PaidPeriods.Where(period => period.InvoiceId == payment.InvoiceId).ToListAsync(cancellationToken);
        periods.ForEach(period => period.IsReversed = isReversed);
        await BookAsync(db, org, payment, grant => isReversed ? grant.Amount : 0, cancellationToken);
        // Saved, so that the org's further months are worked out from it.
        await db.SaveChangesAsync(cancellationToken);
        var state = await OrgStates.LockAsync(db, org.Id, new StripeSubject(null, null, null, null), claims: null, cancellationToken);
        await settlement.SettleAsync(db, state, cancellationToken);
    }

    private async Task BookAsync(BillingDb db, Org org, Payment payment, Func<CreditGrant, long> target, CancellationToken cancellationToken)
    {
        var granted = await db.CreditGrants
            .Where(grant => grant.OrgId == org.Id
                && (grant.PaymentIntentId == payment.Id || (payment.InvoiceId != null && grant.InvoiceId == payment.InvoiceId)))
            .OrderBy(grant => grant.CreatedAt).ThenBy(grant => grant.Id).ToListAsync(cancellationToken);
        var ledger = await ledgers.OfLockedAsync(db, org, cancellationToken);
        var now = time.GetUtcNow();
        ledger.BringTo(now);
        foreach (var grant in granted)
        {
            ledger.Reverse(grant, target(grant), payment.Id, now);
        }
        LedgerRows.Keep(db, ledger);
    }

    private static async Task<List<Reversal>> MergeAsync(
        BillingDb db, Payment payment, PaymentFacts facts, CancellationToken cancellationToken)
    {
        var known = await db.Reversals.Where(reversal => reversal.PaymentId == payment.Id).ToListAsync(cancellationToken);
        foreach (var told in facts.Reversals)
        {
            if (known.Find(reversal => reversal.Id == told.Id) is not { } row)
            {
                known.Add(told);
                db.Reversals.Add(told);
            }
            else if (!ReversalSums.IsFinal(row.Status))
            {
                (row.Amount, row.Status) = (told.Amount, told.Status);
            }
        }
        return known;
    }
}
