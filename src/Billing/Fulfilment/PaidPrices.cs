using Billing.Api;
using Billing.Catalog;
using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Fulfilment;

/// <summary>
/// Finds the plans of prices that were paid for and that the subscription has left since, before anything told us of them: an invoice names
/// a price by its id alone. What was paid for and is over brings nothing any more and is not asked for.
/// </summary>
internal sealed partial class PaidPrices(
    IDbContextFactory<BillingDb> databases, [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, PlanCatalog catalog,
    TimeProvider time, ILogger<PaidPrices> log)
{
    /// <summary>Reads such prices of a subscription from Stripe.</summary>
    /// <returns>Price id → plan; without those that map to none.</returns>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(Stripe.Subscription subscription, CancellationToken cancellationToken)
    {
        var plans = new Dictionary<string, string>();
        foreach (var priceId in await NamelessAsync(subscription.Id, cancellationToken))
        {
            var price = subscription.Items.FirstOrDefault(item => item.Price.Id == priceId)?.Price ?? await FindAsync(priceId, cancellationToken);
            if (price is not null && catalog.PlanOf(price, SoldPrices.None) is { } plan)
            {
                plans[priceId] = plan;
            }
            else
            {
                LogUnknown(subscription.Id, priceId);
            }
        }
        return plans;
    }

    /// <summary>Gives the paid periods of these prices their plans.</summary>
    public static void Name(Subscription row, IReadOnlyDictionary<string, string> plans)
    {
        foreach (var period in row.PaidPeriods.Where(period => period.Plan is null))
        {
            period.Plan = plans.GetValueOrDefault(period.PriceId);
        }
    }

    private async Task<List<string>> NamelessAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        return await db.Set<PaidPeriod>().Where(period => period.SubscriptionId == subscriptionId && period.Plan == null && period.EndsAt > now)
            .Select(period => period.PriceId).Distinct().ToListAsync(cancellationToken);
    }

    private async Task<Stripe.Price?> FindAsync(string priceId, CancellationToken cancellationToken)
    {
        try
        {
            return await new Stripe.PriceService(stripe).GetAsync(priceId, cancellationToken: cancellationToken);
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Subscription {SubscriptionId} was paid for price {PriceId}, which maps to no plan of the catalog: it brings no credits")]
    private partial void LogUnknown(string subscriptionId, string priceId);
}
