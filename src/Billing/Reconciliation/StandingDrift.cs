using Billing.Fulfilment;
using Billing.Ledger;
using Billing.Persistence;
using static System.FormattableString;

namespace Billing.Reconciliation;

/// <summary>In what an org's row differs from what <see cref="Settlement"/> would make of its subscriptions.</summary>
internal sealed class StandingDrift(Standing standing, PaidCredits paidCredits, TimeProvider time)
{
    /// <summary>
    /// Null if nothing differs. Time alone makes no drift: a grace that ended is derived by whoever reads the org, and a paid period that ended
    /// brings nothing any more, so that neither is expected to be written before something else is.
    /// </summary>
    /// <param name="org">Not tracked, as it is changed to what it should be.</param>
    /// <param name="subscriptions">All of the org's, with their paid periods; not tracked either.</param>
    /// <param name="soldPrices">The org's.</param>
    public string? Of(Org org, List<Subscription> subscriptions, IReadOnlyDictionary<string, string> soldPrices)
    {
        var live = subscriptions.FindAll(row => !SubscriptionStatus.IsFinal(row.Status));
        var (had, paid, through) = (Text(org), org.Paid, live.ConvertAll(row => row.PaidThrough));
        var (all, ofLive) = (State(subscriptions), State(live));
        PaidCredits.Resolve(all);
        var planUntil = org.PlanUntil;
        var now = time.GetUtcNow();
        standing.Refresh(ofLive, now);
        if (planUntil <= now)
        {
            return null;
        }
        var differ = new List<string>();
        if (Text(org) is var has && has != had)
        {
            differ.Add($"its subscriptions make it {has}, the row says {had}");
        }
        // An end keeps the month that had begun; that is booked with it, and a later settling does not look at what has ended.
        var wanted = Credits(paidCredits.Of(ofLive, now), now);
        if (Credits(paid, now) is var booked && booked != wanted && booked != Credits(paidCredits.Of(all, now), now))
        {
            differ.Add($"they have paid for {wanted}, the row says {booked}");
        }
        differ.AddRange(live.Zip(through).Where(pair => pair.First.PaidThrough != pair.Second)
            .Select(pair => Invariant($"{pair.First.Id} is paid through {pair.First.PaidThrough:u}, its row says {pair.Second:u}")));
        return differ.Count == 0 ? null : string.Join("; ", differ);

        OrgState State(List<Subscription> rows) => new(org, rows, session: null, claims: null, soldPrices);
    }

    private static string Text(Org org)
    {
        var end = org.CancelAtPeriodEnd ? " and cancelled then" : "";
        var times = Invariant($"period end {org.CurrentPeriodEnd:u}{end}, cancel at {org.CancelAt:u}, trial end {org.TrialEnd:u}, until {org.PlanUntil:u}");
        return $"{org.Plan} {org.Status} {org.Interval}, {times}";
    }

    /// <summary>Not which invoice paid: of two that paid for the same time either may be named.</summary>
    private static string Credits(Entitlement paid, DateTimeOffset now) => paid.PerMonth == 0 || paid.Until <= now
        ? "no credits"
        : Invariant($"{paid.PerMonth} credits a month from {paid.From:u} until {paid.Until:u}");
}
