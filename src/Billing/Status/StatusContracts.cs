using System.ComponentModel.DataAnnotations;
using Billing.Fulfilment;
using Billing.Persistence;

namespace Billing.Status;

/// <summary>What the org has now. On the free plan everything but the plan and the credits is null.</summary>
/// <param name="Plan">The plan's id; <c>free</c> without an entitling subscription.</param>
/// <param name="Status">Whether it is paid: <c>past_due</c> keeps the plan for a while. Null on the free plan.</param>
/// <param name="Interval">How often it is paid.</param>
/// <param name="CurrentPeriodEnd">When the running period ends.</param>
/// <param name="CancelAtPeriodEnd">Whether it is set to end with the running period.</param>
/// <param name="CancelAt">When it is set to end, if it is.</param>
/// <param name="TrialEnd">When the trial ends or ended.</param>
/// <param name="Credits">What the org can spend now.</param>
internal sealed record StatusResponse(
    string Plan,
    [property: AllowedValues(SubscriptionStatus.Active, SubscriptionStatus.Trialing, SubscriptionStatus.PastDue)] string? Status,
    BillingInterval? Interval, DateTimeOffset? CurrentPeriodEnd, bool? CancelAtPeriodEnd,
    DateTimeOffset? CancelAt, DateTimeOffset? TrialEnd, long Credits)
{
    public static StatusResponse Free(long credits) => new(PlanIds.Free, null, null, null, null, null, null, credits);
}
