using Billing.Catalog;
using Billing.Persistence;
using Microsoft.Extensions.Options;

namespace Billing.Fulfilment;

/// <summary>Derives what an org has from its subscriptions (DESIGN rules 4 and 8).</summary>
internal sealed class Standing(PlanCatalog catalog, IOptions<BillingOptions> options, TimeProvider time)
{
    /// <summary>Brings the org's row in line with its subscriptions. Call it after every change of one, in the same transaction.</summary>
    /// <returns>What the org has now, in words for the log, or null if that is what it had.</returns>
    public string? Refresh(OrgState state, DateTimeOffset now)
    {
        var org = state.Org;
        var counting = Entitling(state.Subscriptions, now).FirstOrDefault();
        var before = (org.Plan, org.Status, org.Interval, org.CurrentPeriodEnd, org.CancelAtPeriodEnd, org.CancelAt, org.TrialEnd, org.PlanUntil);

        org.Plan = counting?.Plan ?? PlanIds.Free;
        org.Status = counting?.Status;
        org.Interval = counting?.Interval;
        org.CurrentPeriodEnd = counting?.CurrentPeriodEnd;
        org.CancelAtPeriodEnd = counting?.CancelAtPeriodEnd ?? false;
        org.CancelAt = counting?.CancelAt;
        org.TrialEnd = counting?.TrialEnd;
        org.PlanUntil = counting is null ? null : GraceEnd(counting);

        var after = (org.Plan, org.Status, org.Interval, org.CurrentPeriodEnd, org.CancelAtPeriodEnd, org.CancelAt, org.TrialEnd, org.PlanUntil);
        if (before == after)
        {
            return null;
        }
        org.Version++;
        return $"; org {org.Id} now has {org.Plan} {org.Status}, version {org.Version}";
    }

    /// <summary>The subscription that the org has its plan by now, or null.</summary>
    public Subscription? Counting(IEnumerable<Subscription> subscriptions) => Entitling(subscriptions, time.GetUtcNow()).FirstOrDefault();

    /// <summary>The subscriptions that entitle: the one of the highest rank first, then the earliest.</summary>
    public IEnumerable<Subscription> Entitling(IEnumerable<Subscription> subscriptions, DateTimeOffset now) => subscriptions
        .Where(s => SubscriptionStatus.IsEntitling(s.Status) && s.Plan is not null && !(GraceEnd(s) <= now))
        .OrderByDescending(s => catalog.Rank(s.Plan)).ThenBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal);

    private DateTimeOffset? GraceEnd(Subscription subscription) =>
        subscription.Status == SubscriptionStatus.PastDue ? subscription.PastDueSince + options.Value.PastDueGrace : null;
}
