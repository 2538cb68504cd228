using Billing.Api;
using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Checkout;

/// <summary>Finds what keeps an org from buying (another) subscription, in our table and at Stripe (DESIGN rule 4).</summary>
internal sealed class LiveSubscriptions(Stripe.IStripeClient stripe, IDbContextFactory<BillingDb> databases)
{
    /// <summary>The refusal, or null if nothing stands in the way.</summary>
    public async Task<ApiError?> FindObstacleAsync(Org org, string plan, CancellationToken cancellationToken)
    {
        if (await PaymentUnderWayAsync(org.Id, cancellationToken))
        {
            return ApiError.Conflict("payment_pending", "A payment of this org is still being processed. Its outcome decides; try again then.");
        }
        foreach (var (status, livePlan) in await KnownAsync(org.Id, cancellationToken))
        {
            return Obstacle(status, livePlan, plan);
        }
        foreach (var status in await AtStripeAsync(org.StripeCustomerId, cancellationToken))
        {
            return Obstacle(status, null, plan);
        }
        return null;
    }

    public static ApiError AlreadySubscribed() =>
        ApiError.Conflict("already_subscribed", "This org has a subscription already.");

    private static ApiError Obstacle(string? status, string? livePlan, string plan) => status switch
    {
        SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid or SubscriptionStatus.Incomplete => ApiError.Conflict(
            "payment_required", "The org's subscription has an unpaid invoice. Pay that first."),
        _ when livePlan is not null && livePlan != plan => ApiError.Conflict(
            "already_subscribed", $"This org is subscribed to {livePlan}. Only one subscription per org is possible."),
        _ => AlreadySubscribed(),
    };

    private async Task<bool> PaymentUnderWayAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.CheckoutSessions.AnyAsync(
            session => session.OrgId == orgId && session.State == CheckoutState.Complete && session.PaymentStatus == PaymentStatus.Unpaid,
            cancellationToken);
    }

    private async Task<List<(string? Status, string? Plan)>> KnownAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Subscriptions
            .Where(s => s.OrgId == orgId && s.Status != SubscriptionStatus.Canceled && s.Status != SubscriptionStatus.IncompleteExpired)
            .Select(s => new { s.Status, s.Plan })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.Status, row.Plan))];
    }

    /// <summary>Without a status filter Stripe leaves out canceled ones only (FACTS B.4).</summary>
    private async Task<List<string>> AtStripeAsync(string? customerId, CancellationToken cancellationToken)
    {
        if (customerId is null)
        {
            return [];
        }
        var options = new Stripe.SubscriptionListOptions { Customer = customerId, Limit = 100 };
        var listed = await new Stripe.SubscriptionService(stripe).ListAsync(options, cancellationToken: cancellationToken);
        return [.. listed.Data.Select(s => s.Status).Where(status => !SubscriptionStatus.IsFinal(status))];
    }
}
