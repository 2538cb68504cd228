using Billing.Catalog;
using Billing.Persistence;
using Microsoft.Extensions.Options;

namespace Billing.Fulfilment;

/// <summary>Derives what an org has from its subscriptions (DESIGN rules 4 and 8).</summary>
internal sealed partial class Standing(PlanCatalog catalog, IOptions<BillingOptions> options, ILogger<Standing> log)
{
    /// <summary>Brings the org's row in line with its subscriptions. Call it after every change of one, in the same transaction.</summary>
    public void Refresh(OrgState state)
    {
        var org = state.Org;
        var counting = Counting(state);
        var before = (org.Plan, org.Status, org.Interval, org.CurrentPeriodEnd, org.CancelAtPeriodEnd, org.CancelAt, org.TrialEnd, org.PlanUntil);

        org.Plan = counting?.Plan ?? PlanIds.Free;
        org.Status = counting?.Status;
        org.Interval = counting?.Interval;
        org.CurrentPeriodEnd = counting?.CurrentPeriodEnd;
        org.CancelAtPeriodEnd = counting?.CancelAtPeriodEnd ?? false;
        org.CancelAt = counting?.CancelAt;
        org.TrialEnd = counting?.TrialEnd;
        org.PlanUntil = counting is { Status: SubscriptionStatus.PastDue } ? UnpaidSince(counting) + options.Value.PastDueGrace : null;

        var after = (org.Plan, org.Status, org.Interval, org.CurrentPeriodEnd, org.CancelAtPeriodEnd, org.CancelAt, org.TrialEnd, org.PlanUntil);
        if (before != after)
        {
            org.Version++;
            LogChanged(org.Id, org.Version, org.Plan, org.Status, counting?.Id);
        }
    }

    /// <summary>Of the entitling subscriptions the one of the highest rank, then the earliest.</summary>
    private Subscription? Counting(OrgState state) => state.Subscriptions
        .Where(s => SubscriptionStatus.IsEntitling(s.Status) && s.Plan is not null)
        .OrderByDescending(s => catalog.Rank(s.Plan)).ThenBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>
    /// When the unpaid period began. What is paid through says it best; without it the start of the period in which the subscription
    /// was first seen past due, as Stripe moves the period on even when it is not paid.
    /// </summary>
    private static DateTimeOffset? UnpaidSince(Subscription subscription) => subscription.PaidThrough ?? subscription.PastDueSince;

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Org {OrgId} is now at version {Version}: plan {Plan}, status {Status}, by subscription {SubscriptionId}")]
    private partial void LogChanged(string orgId, long version, string plan, string? status, string? subscriptionId);
}
