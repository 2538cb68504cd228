using Billing.Api;
using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Checkout;

/// <summary>What our tables know of that keeps an org from buying (DESIGN rule 4). Stripe may know more: see <see cref="CustomerSubscriptions"/>.</summary>
internal static class Obstacles
{
    /// <summary>What is in the way of another subscription, or null.</summary>
    public static async Task<Obstacle?> FindKnownAsync(BillingDb db, string orgId, string plan, CancellationToken cancellationToken)
    {
        // One on a price that is not ours sells something else; one that was not read yet may be anything.
        // After a few vain reads only Stripe's own list decides, or one that Stripe does not have would block for ever.
        var live = await db.Subscriptions
            .Where(s => s.OrgId == orgId && s.Status != SubscriptionStatus.Canceled && s.Status != SubscriptionStatus.IncompleteExpired
                && ((s.Status == null && s.ReReadAttempts < 3) || s.Plan != null))
            .Select(s => new { s.Status, s.Plan })
            .ToListAsync(cancellationToken);
        return Obstacle.Worst(live.Select(s => Obstacle.Of(s.Status, s.Plan, plan)))
            ?? await FindPendingAsync(db, orgId, CheckoutKind.Subscription, cancellationToken);
    }

    /// <summary>A payment for the same kind of thing whose outcome is not known yet, or null.</summary>
    public static async Task<Obstacle?> FindPendingAsync(BillingDb db, string orgId, CheckoutKind kind, CancellationToken cancellationToken) =>
        await PendingPayments.Of(db, orgId, kind).AnyAsync(cancellationToken) ? Obstacle.PaymentPending : null;
}

/// <summary>Something in the way of a purchase.</summary>
/// <param name="Refusal">What the buyer is told.</param>
/// <param name="Weight">Of several the heaviest is told.</param>
/// <param name="AllowsPlanChange">Whether the subscription can be changed to the wanted plan.</param>
internal sealed record Obstacle(ApiError Refusal, int Weight, bool AllowsPlanChange = false)
{
    public static readonly ApiError PaymentRequired = ApiError.Conflict(
        "payment_required", "The org's subscription has an unpaid invoice. Pay it in the billing portal (POST /portal) first.");

    public static readonly ApiError SubscriptionPaused = ApiError.Conflict(
        "subscription_paused", "The org's subscription is paused. Resume or end it in the billing portal (POST /portal) first.");

    public static readonly Obstacle PaymentPending = new(
        ApiError.Conflict("payment_pending", "A payment of this org is still being processed. Its outcome decides; try again then."), 3);

    /// <summary>The portal's page for a change of plan does not work then.</summary>
    public static readonly ApiError CancellationScheduled = ApiError.Conflict(
        "cancellation_scheduled", "The org's subscription is set to end. Take that back in the billing portal (POST /portal) first, then change the plan.");

    /// <summary>Everything that a buyer of a plan can be told.</summary>
    public static IEnumerable<ApiError> Refusals =>
        [AlreadySubscribed(), PaymentRequired, SubscriptionPaused, CancellationScheduled, PaymentPending.Refusal];

    /// <summary>A subscription that has not ended for good.</summary>
    public static Obstacle Of(string? status, string? plan, string wanted) => status switch
    {
        SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid or SubscriptionStatus.Incomplete => new(PaymentRequired, 4),
        SubscriptionStatus.Paused => new(SubscriptionPaused, 2),
        SubscriptionStatus.Active or SubscriptionStatus.Trialing when plan is not null && plan != wanted =>
            new(AlreadySubscribed(), 0, AllowsPlanChange: true),
        _ => new(AlreadySubscribed(), 1),
    };

    public static Obstacle? Worst(IEnumerable<Obstacle> obstacles) => obstacles.MaxBy(obstacle => obstacle.Weight);

    public static ApiError AlreadySubscribed() => ApiError.Conflict(
        "already_subscribed", "This org has a subscription already. Its interval, payment method and end are changed in the billing portal (POST /portal).");
}
