using Billing.Api;
using Billing.Catalog;
using Billing.Fulfilment;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Checkout;

/// <summary>What keeps an org from buying (another) subscription: in our table, and at Stripe, whose news may still be on its way (DESIGN rule 4).</summary>
internal sealed class Obstacles(Stripe.IStripeClient stripe, PlanCatalog catalog, IDbContextFactory<BillingDb> databases)
{
    /// <summary>The obstacle that our tables know of, or null.</summary>
    public static async Task<ApiError?> FindKnownAsync(BillingDb db, string orgId, string plan, CancellationToken cancellationToken)
    {
        // One on a price that is not ours sells something else; one that was not read yet may be anything.
        // After a few vain reads only Stripe's own list decides, or one that Stripe does not have would block for ever.
        var live = await db.Subscriptions
            .Where(s => s.OrgId == orgId && s.Status != SubscriptionStatus.Canceled && s.Status != SubscriptionStatus.IncompleteExpired
                && ((s.Status == null && s.ReReadAttempts < 3) || s.Plan != null))
            .Select(s => new { s.Status, s.Plan })
            .FirstOrDefaultAsync(cancellationToken);
        if (live is not null)
        {
            return Obstacle(live.Status, live.Plan, plan);
        }
        return await Unpaid(db, orgId).AnyAsync(cancellationToken)
            ? ApiError.Conflict("payment_pending", "A payment of this org is still being processed. Its outcome decides; try again then.")
            : null;
    }

    /// <summary>The obstacle that Stripe knows of, or null.</summary>
    public async Task<ApiError?> FindAtStripeAsync(Org org, string customerId, string plan, OrgLease lease, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var sold = await SoldPrices.OfOrgAsync(db, org.Id, cancellationToken);
        // Without a status filter Stripe leaves out canceled ones only (FACTS B.4).
        var options = new Stripe.SubscriptionListOptions { Customer = customerId, Limit = 100 };
        var listed = await new Stripe.SubscriptionService(stripe).ListAsync(options, cancellationToken: cancellationToken);
        foreach (var subscription in listed.Data.Where(s => !SubscriptionStatus.IsFinal(s.Status)))
        {
            var livePlan = subscription.Items.Select(item => catalog.PlanOf(item.Price, sold)).FirstOrDefault(found => found is not null);
            if (livePlan is not null)
            {
                await databases.TransactAsync(async update =>
                {
                    await lease.LockOrgAsync(update, cancellationToken);
                    await update.DiscoverAsync(org.Id, subscription.Id, cancellationToken);
                    return subscription.Id;
                }, cancellationToken);
                return Obstacle(subscription.Status, livePlan, plan);
            }
        }
        return null;
    }

    /// <summary>
    /// Asks Stripe about payments that our table says are still being processed, in case their outcome got lost: a session stays
    /// unpaid at Stripe for good when its payment fails, but its subscription ends (FACTS C.3, flow 8).
    /// </summary>
    public async Task RefreshUnpaidAsync(Org org, OrgLease lease, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var row in await Unpaid(db, org.Id).ToListAsync(cancellationToken))
        {
            var outcome = await PaymentStatusOfAsync(row.SessionId!, cancellationToken);
            await databases.TransactAsync(async update =>
            {
                await lease.LockOrgAsync(update, cancellationToken);
                var current = await update.CheckoutSessions.SingleAsync(s => s.Id == row.Id, cancellationToken);
                return current.PaymentStatus = current.PaymentStatus == PaymentStatus.Unpaid ? outcome : current.PaymentStatus;
            }, cancellationToken);
        }
    }

    /// <summary>Has the worker read every live subscription of the org that entitles to nothing: its end may have got lost.</summary>
    public async Task HaveReReadAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE subscriptions SET re_read_due_at = clock_timestamp(), re_read_requests = re_read_requests + 1
            WHERE org_id = {orgId} AND status IN ('past_due', 'unpaid', 'incomplete', 'paused') AND re_read_due_at IS NULL
            """, cancellationToken);
    }

    private async Task<string> PaymentStatusOfAsync(string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            var options = new Stripe.Checkout.SessionGetOptions { Expand = ["subscription"] };
            var session = await new Stripe.Checkout.SessionService(stripe).GetAsync(sessionId, options, cancellationToken: cancellationToken);
            return SubscriptionStatus.IsFinal(session.Subscription?.Status) ? PaymentStatus.Failed : session.PaymentStatus;
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone))
        {
            return PaymentStatus.Failed;
        }
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

    private static IQueryable<CheckoutSession> Unpaid(BillingDb db, string orgId) => db.CheckoutSessions.AsNoTracking().Where(session =>
        session.OrgId == orgId && session.State == CheckoutState.Complete && session.PaymentStatus == PaymentStatus.Unpaid);
}
