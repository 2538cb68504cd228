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
        // One on a price that is not ours sells something else; one that was not read yet may be anything, unless Stripe cannot find it.
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
    public async Task<ApiError?> FindAtStripeAsync(Org org, string customerId, string plan, CancellationToken cancellationToken)
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
            var options = new Stripe.Checkout.SessionGetOptions { Expand = ["subscription"] };
            var session = await new Stripe.Checkout.SessionService(stripe).GetAsync(row.SessionId!, options, cancellationToken: cancellationToken);
            var outcome = SubscriptionStatus.IsFinal(session.Subscription?.Status) ? PaymentStatus.Failed : session.PaymentStatus;
            await databases.TransactAsync(async update =>
            {
                await lease.LockOrgAsync(update, cancellationToken);
                return (await update.CheckoutSessions.SingleAsync(s => s.Id == row.Id, cancellationToken)).PaymentStatus = outcome;
            }, cancellationToken);
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
