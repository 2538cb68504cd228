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
        var now = time.GetUtcNow();
        var reversals = await MergeAsync(db, payment, facts, cancellationToken);
        payment.Refunded = reversals.Where(r => r.Kind == ReversalKind.Refund && r.Counts()).Sum(r => r.Amount);
        payment.Disputed = reversals.Where(r => r.Kind == ReversalKind.Dispute && r.Counts()).Sum(r => r.Amount);
        // What fell due by now is in the tables before they are asked for grants of months that have begun, and for debt that was paid.
        LedgerRows.Keep(db, await ledgers.OfLockedAsync(db, org, now, cancellationToken));
        await db.SaveChangesAsync(cancellationToken);
        if (payment.InvoiceId is null)
        {
            await ReverseTopUpAsync(db, org, payment, now, cancellationToken);
        }
        else
        {
            await ReverseInvoiceAsync(db, org, payment, reversals, now, cancellationToken);
        }
    }

    private async Task ReverseTopUpAsync(BillingDb db, Org org, Payment payment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var granted = await db.CreditGrants.Where(grant => grant.OrgId == org.Id && grant.PaymentIntentId == payment.Id)
            .OrderBy(grant => grant.CreatedAt).ThenBy(grant => grant.Id).ToListAsync(cancellationToken);
        await BookAsync(db, org, payment.Id, [.. granted.Select(grant => new GrantReversal(
            grant, ReversalSums.Share(grant.Amount, payment.Refunded + payment.Disputed, payment.Paid)))], now, cancellationToken);
    }

    /// <summary>A full refund or a lost dispute ends what the invoice brought and would bring; a part of it is recorded only.</summary>
    private async Task ReverseInvoiceAsync(
        BillingDb db, Org org, Payment payment, List<Reversal> reversals, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var periods = await db.PaidPeriods.Where(period => period.InvoiceId == payment.InvoiceId).ToListAsync(cancellationToken);
        var isReversed = await IsReversedAsync(db, payment, reversals, periods.FirstOrDefault()?.InvoicePaid ?? payment.Paid, cancellationToken);
        periods.ForEach(period => period.IsReversed = isReversed);
        await db.SaveChangesAsync(cancellationToken);
        await BookAsync(db, org, payment.Id, await MonthsAsync(db, org.Id, payment.InvoiceId!, cancellationToken), now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var state = await OrgStates.LockAsync(db, org.Id, new StripeSubject(null, null, null, null), claims: null, cancellationToken);
        await settlement.SettleAsync(db, state, now, cancellationToken);
    }

    /// <summary>An invoice can be paid by several payments: it is reversed when all that was paid for it went back.</summary>
    private static async Task<bool> IsReversedAsync(
        BillingDb db, Payment payment, List<Reversal> reversals, long paid, CancellationToken cancellationToken)
    {
        var others = db.Payments.Where(other => other.InvoiceId == payment.InvoiceId && other.Id != payment.Id);
        var refunded = payment.Refunded + await others.SumAsync(other => other.Refunded, cancellationToken);
        return (paid > 0 && refunded >= paid)
            || reversals.Exists(r => r is { Kind: ReversalKind.Dispute, Status: ReversalSums.Lost })
            || await db.Reversals.AnyAsync(
                r => others.Any(other => other.Id == r.PaymentId) && r.Kind == ReversalKind.Dispute && r.Status == ReversalSums.Lost, cancellationToken);
    }

    private static async Task<List<GrantReversal>> MonthsAsync(BillingDb db, string orgId, string invoiceId, CancellationToken cancellationToken)
    {
        var ofOrg = db.CreditGrants.Where(grant => grant.OrgId == orgId);
        var starts = ofOrg.Where(grant => grant.InvoiceId == invoiceId).Select(grant => grant.MonthStart);
        var granted = await ofOrg.Where(grant => grant.MonthStart != null && starts.Contains(grant.MonthStart)).ToListAsync(cancellationToken);
        var invoices = granted.Select(grant => grant.InvoiceId).Distinct().ToList();
        var reversed = await db.PaidPeriods.Where(period => invoices.Contains(period.InvoiceId) && period.IsReversed)
            .Select(period => period.InvoiceId).Distinct().ToListAsync(cancellationToken);
        return [.. granted.GroupBy(grant => grant.MonthStart)
            .SelectMany(month => OrgLedger.ReverseMonth(month, grant => grant.InvoiceId is { } invoice && reversed.Contains(invoice)))];
    }

    private async Task BookAsync(
        BillingDb db, Org org, string payment, IReadOnlyCollection<GrantReversal> targets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ledger = await ledgers.OfLockedAsync(db, org, now, cancellationToken);
        ledger.Reverse(targets, await LedgerRows.TakenBackAsync(db, org.Id, payment, cancellationToken), payment, now);
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
            else if (row.Takes(told))
            {
                (row.Amount, row.Status) = (told.Amount, told.Status);
            }
        }
        known.ForEach(row => row.OrgId = payment.OrgId);
        return known;
    }
}
