using Billing.Catalog;
using Billing.Fulfilment;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Checkout;

/// <summary>What Stripe says about an org's subscriptions: the events that would have told us may still be on their way, or lost.</summary>
internal sealed class CustomerSubscriptions(Stripe.IStripeClient stripe, PlanCatalog catalog, IDbContextFactory<BillingDb> databases)
{
    /// <summary>Reads them all, and has the worker read those that our table does not know.</summary>
    public async Task<SubscriptionHistory> ReadAsync(Org org, OrgCustomer customer, OrgLease lease, CancellationToken cancellationToken)
    {
        var (sold, rows) = await KnownAsync(org.Id, cancellationToken);
        var hadTrial = rows.Exists(row => row.TrialEnd is not null);
        var live = new List<LiveSubscription>();
        await foreach (var found in AllOf(customer, cancellationToken))
        {
            hadTrial |= found.TrialEnd is not null;
            if (!SubscriptionStatus.IsFinal(found.Status) && Sellable(found, sold, rows.Find(row => row.Id == found.Id)) is { } ours)
            {
                live.Add(ours);
            }
        }
        await DiscoverAsync(org.Id, live, lease, cancellationToken);
        return new SubscriptionHistory(
            [.. live.OrderByDescending(s => catalog.Rank(s.Plan)).ThenBy(s => s.Found.Created)], hadTrial);
    }

    /// <summary>What our tables know. The context ends here: there are not enough of them to wait for Stripe with one.</summary>
    private async Task<(IReadOnlyDictionary<string, string> Sold, List<Subscription> Rows)> KnownAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await SoldPrices.OfOrgAsync(db, orgId, cancellationToken),
            await db.Subscriptions.AsNoTracking().Where(s => s.OrgId == orgId).ToListAsync(cancellationToken));
    }

    private IAsyncEnumerable<Stripe.Subscription> AllOf(OrgCustomer customer, CancellationToken cancellationToken)
    {
        // "all", as Stripe leaves out canceled ones otherwise (FACTS B.4), and one of those may have had the trial.
        var all = new Stripe.SubscriptionListOptions { Customer = customer.Id, Status = "all", Limit = 100 };
        return customer.IsNew
            ? AsyncEnumerable.Empty<Stripe.Subscription>()
            : new Stripe.SubscriptionService(stripe).ListAutoPagingAsync(all, cancellationToken: cancellationToken);
    }

    /// <summary>The part of it that sells a plan of ours. On prices that map to none it keeps the plan of our row (DESIGN section 4).</summary>
    private LiveSubscription? Sellable(Stripe.Subscription found, IReadOnlyDictionary<string, string> sold, Subscription? known) => (
        from item in found.Items
        let plan = catalog.PlanOf(item.Price, sold)
        where plan is not null
        orderby catalog.Rank(plan) descending
        select new LiveSubscription(found, item, plan)).FirstOrDefault()
        ?? (known?.Plan is { } kept && found.Items.FirstOrDefault() is { } only ? new LiveSubscription(found, only, kept) : null);

    private async Task DiscoverAsync(string orgId, List<LiveSubscription> live, OrgLease lease, CancellationToken cancellationToken)
    {
        if (live.Count == 0)
        {
            return;
        }
        await databases.TransactAsync(async db =>
        {
            await lease.LockOrgAsync(db, cancellationToken);
            foreach (var subscription in live)
            {
                await db.DiscoverAsync(orgId, subscription.Found.Id, cancellationToken);
            }
            return live.Count;
        }, cancellationToken);
    }
}

/// <param name="Live">Those that sell a plan of ours and have not ended for good, the one that counts first.</param>
/// <param name="HadTrial">Whether the org ever had a trial; there is one per org.</param>
internal sealed record SubscriptionHistory(IReadOnlyList<LiveSubscription> Live, bool HadTrial)
{
    public Obstacle? Obstacle(string wanted) => Checkout.Obstacle.Worst(Live.Select(s => Checkout.Obstacle.Of(s.Found.Status, s.Plan, wanted)));
}

/// <param name="Found">As Stripe shows it.</param>
/// <param name="Item">The item that sells the plan.</param>
/// <param name="Plan">Of the catalog.</param>
internal sealed record LiveSubscription(Stripe.Subscription Found, Stripe.SubscriptionItem Item, string Plan);
