using Billing.Catalog;
using Stripe.BillingPortal;

namespace Billing.Setup;

/// <summary>What a Stripe account has of what the service needs, at one moment.</summary>
/// <param name="Prices">All active ones, and those that the catalog names.</param>
/// <param name="Portals">All configurations of the billing portal.</param>
/// <param name="Endpoints">All webhook endpoints.</param>
internal sealed record StripeState(
    IReadOnlyList<Stripe.Price> Prices, IReadOnlyList<Configuration> Portals, IReadOnlyList<Stripe.WebhookEndpoint> Endpoints)
{
    public static async Task<StripeState> ReadAsync(StripeReads reads, PlanCatalog catalog, CancellationToken cancellationToken)
    {
        var named = await reads.NamedPricesAsync(catalog, cancellationToken);
        var active = await reads.ActivePricesAsync(cancellationToken);
        return new StripeState(
            [.. named.Concat(active).DistinctBy(price => price.Id)], await reads.PortalsAsync(cancellationToken), await reads.EndpointsAsync(cancellationToken));
    }
}
