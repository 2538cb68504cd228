using Billing.Ledger;
using Billing.Persistence;
using Billing.Reversals;
using Microsoft.EntityFrameworkCore;

namespace Billing.Fulfilment;

/// <summary>
/// What follows from any change of an org's state, in the same transaction: its standing, and the credits that it has paid for. Webhook,
/// activation, worker and checkout all end here.
/// </summary>
internal sealed class Settlement(Standing standing, PaidCredits paidCredits, LedgerRows ledgers, TimeProvider time)
{
    public Task<Settled> SettleAsync(BillingDb db, OrgState state, CancellationToken cancellationToken) =>
        SettleAsync(db, state, time.GetUtcNow(), cancellationToken);

    /// <param name="db">With a transaction that has locked the org.</param>
    /// <param name="state">With the changes.</param>
    /// <param name="now">The transaction's one instant: between two a month could begin that the first of them did not see.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public async Task<Settled> SettleAsync(BillingDb db, OrgState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        db.AddRange(state.Added);
        db.AddRange(state.Subscriptions.SelectMany(row => row.PaidPeriods).Where(period => db.Entry(period).State == EntityState.Detached));
        PaidCredits.Resolve(state);
        var words = standing.Refresh(state, now);
        var paid = paidCredits.Of(state, now);
        var reminds = await RemindAsync(db, state, cancellationToken);
        if (state.TopUps.Count == 0 && IsTakenIn(state.Org, paid, now))
        {
            return new Settled(words, 0, reminds);
        }

        var ledger = await ledgers.OfLockedAsync(db, state.Org, now, cancellationToken);
        ledger.Entitle(paid, now);
        var granted = 0;
        foreach (var topUp in state.TopUps)
        {
            granted += await GrantOnceAsync(db, ledger, topUp, now, cancellationToken) ? 1 : 0;
        }
        LedgerRows.Keep(db, ledger);
        return new Settled(words, granted, reminds);
    }

    private static bool IsTakenIn(Org org, Entitlement paid, DateTimeOffset now) => paid.PerMonth == 0
        ? org.CreditsPerMonth == 0
        : org.Paid == paid && org.GrantMonthEnd > now && org.GrantMonthCredits >= paid.PerMonth;

    /// <summary>Refunds and disputes that were told before what they are of wait for this.</summary>
    private static async Task<bool> RemindAsync(BillingDb db, OrgState state, CancellationToken cancellationToken)
    {
        var periods = state.Subscriptions.SelectMany(row => row.PaidPeriods)
            .Where(period => db.Entry(period).State == EntityState.Added).Select(period => period.InvoiceId);
        var news = periods.Concat(state.TopUps.Select(topUp => topUp.PaymentIntentId).OfType<string>()).Distinct().ToArray();
        if (news.Length > 0)
        {
            await db.RemindAsync(news, cancellationToken);
        }
        return news.Length > 0;
    }

    private static async Task<bool> GrantOnceAsync(
        BillingDb db, OrgLedger ledger, CreditGrant grant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!await LedgerRows.InsertOnceAsync(db, grant, cancellationToken))
        {
            return false;
        }
        ledger.Grant(grant, now);
        return true;
    }
}

/// <param name="Standing">What the org has now, in words for the log, or null if that is what it had.</param>
/// <param name="TopUpsGranted">How many top-ups were credited here and not before.</param>
/// <param name="RemindsPayments">Whether payments may have been marked to be read.</param>
internal sealed record Settled(string? Standing, int TopUpsGranted, bool RemindsPayments);
