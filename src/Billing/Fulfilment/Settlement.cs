using Billing.Ledger;
using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>
/// What follows from any change of an org's state, in the same transaction: its standing, and the credits that it has paid for. Webhook,
/// activation, worker and checkout all end here.
/// </summary>
internal sealed class Settlement(Standing standing, PlanCredits planCredits, CreditLedger ledger)
{
    public async Task<Settled> SettleAsync(BillingDb db, OrgState state, CancellationToken cancellationToken)
    {
        db.AddRange(state.Added);
        var words = standing.Refresh(state);
        await planCredits.IssueAsync(db, state.Org, standing.Counting(state.Subscriptions), cancellationToken);
        var granted = 0;
        foreach (var topUp in state.TopUps)
        {
            granted += await ledger.GrantAsync(db, state.Org, topUp, cancellationToken) ? 1 : 0;
        }
        return new Settled(words, granted);
    }
}

/// <param name="Standing">What the org has now, in words for the log, or null if that is what it had.</param>
/// <param name="TopUpsGranted">How many top-ups were credited here and not before.</param>
internal sealed record Settled(string? Standing, int TopUpsGranted);
