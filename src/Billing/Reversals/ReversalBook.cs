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
            await ReverseTopUpAsync(db, org, payment, cancellationToken);
        }
        else
        {
            await ReverseInvoiceAsync(db, org, payment, reversals, cancellationToken);
        }
    }

    private async Task ReverseTopUpAsync(BillingDb db, Org org, Payment payment, CancellationToken cancellationToken)
    {
        var granted = await db.CreditGrants.Where(grant => grant.OrgId == org.Id && grant.PaymentIntentId == payment.Id)
            .OrderBy(grant => grant.CreatedAt).ThenBy(grant => grant.Id).ToListAsync(cancellationToken);
        var (ledger, now) = await LedgerAsync(db, org, cancellationToken);
        foreach (var grant in granted)
        {
            ledger.Reverse(grant, ReversalSums.Share(grant.Amount, payment.Refunded + payment.Disputed, payment.Paid), payment.Id, now);
        }
        LedgerRows.Keep(db, ledger);
    }

    /// <summary>A full refund or a lost dispute ends what the invoice brought and would bring; a part of it is recorded only.</summary>
    private async Task ReverseInvoiceAsync(
        BillingDb db, Org org, Payment payment, List<Reversal> reversals, CancellationToken cancellationToken)
    {
        var isReversed = payment.Paid > 0
            && (payment.Refunded >= payment.Paid || reversals.Exists(r => r is { Kind: ReversalKind.Dispute, Status: ReversalSums.Lost }));
        var periods = await db.PaidPeriods.Where(period => period.InvoiceId == payment.InvoiceId).ToListAsync(cancellationToken);
        periods.ForEach(period => period.IsReversed = isReversed);
        await db.SaveChangesAsync(cancellationToken); // the months, and what the org has paid for, are worked out from it
        await ReverseMonthsAsync(db, org, payment, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var state = await OrgStates.LockAsync(db, org.Id, new StripeSubject(null, null, null, null), claims: null, cancellationToken);
        await settlement.SettleAsync(db, state, cancellationToken);
    }

    private async Task ReverseMonthsAsync(BillingDb db, Org org, Payment payment, CancellationToken cancellationToken)
    {
        var ofOrg = db.CreditGrants.Where(grant => grant.OrgId == org.Id);
        var starts = ofOrg.Where(grant => grant.InvoiceId == payment.InvoiceId).Select(grant => grant.MonthStart);
        var granted = await ofOrg.Where(grant => grant.MonthStart != null && starts.Contains(grant.MonthStart)).ToListAsync(cancellationToken);
        var invoices = granted.Select(grant => grant.InvoiceId).Distinct().ToList();
        var reversed = await db.PaidPeriods.Where(period => invoices.Contains(period.InvoiceId) && period.IsReversed)
            .Select(period => period.InvoiceId).Distinct().ToListAsync(cancellationToken);
        var (ledger, now) = await LedgerAsync(db, org, cancellationToken);
        foreach (var month in granted.GroupBy(grant => grant.MonthStart).OrderBy(month => month.Key))
        {
            ledger.ReverseMonth(month, grant => reversed.Contains(grant.InvoiceId!), payment.Id, now);
        }
        LedgerRows.Keep(db, ledger);
    }

    private async Task<(OrgLedger Ledger, DateTimeOffset Now)> LedgerAsync(BillingDb db, Org org, CancellationToken cancellationToken)
    {
        var ledger = await ledgers.OfLockedAsync(db, org, cancellationToken);
        var now = time.GetUtcNow();
        ledger.BringTo(now);
        return (ledger, now);
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
