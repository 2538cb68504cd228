using Billing.Catalog;
using Billing.Setup;
using Billing.StripeCalls;
using Microsoft.Extensions.Options;

namespace Billing.Doctor.Checks;

/// <summary>Whether Stripe sells what the catalog says, at its price: nobody can buy what it does not.</summary>
internal sealed class PriceCheck(
    [FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, PlanCatalog catalog, IOptions<StripeOptions> options) : ICheck
{
    public Source Source => Source.Stripe;

    public string Subject => "prices";

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        var prices = await new StripeReads(stripe).NamedPricesAsync(catalog, cancellationToken);
        return [.. catalog.Entries.SelectMany(entry => Wrong(entry, PricePlan.Find(entry, prices))).Distinct()]; // a product is of several prices
    }

    private IEnumerable<Finding> Wrong(CatalogEntry entry, Stripe.Price? price)
    {
        var subject = $"The price '{entry.Price.Name}' of plan {entry.Plan} {entry.Interval.ToString().ToLowerInvariant()}";
        if (price is null)
        {
            yield return FindingKinds.PriceMissing.Found($"{subject} is not at Stripe.");
            yield break;
        }
        if (!price.Active)
        {
            yield return FindingKinds.PriceInactive.Found($"{subject} is archived at Stripe.");
        }
        if (price.Product is { Active: false } product)
        {
            yield return FindingKinds.ProductInactive.Found($"The product {product.Id} of plan {entry.Plan} is archived at Stripe.");
        }
        if (price.Currency != entry.Price.Currency)
        {
            yield return FindingKinds.PriceCurrency.Found($"{subject} is charged in {price.Currency} and the catalog says {entry.Price.Currency}.");
        }
        if (price.UnitAmount != entry.Price.Amount)
        {
            yield return FindingKinds.PriceAmount.Found($"{subject} charges {price.UnitAmount} and the catalog says {entry.Price.Amount} (minor units).");
        }
        if (price.Recurring is not { IntervalCount: 1 } recurring || recurring.Interval != entry.StripeInterval)
        {
            var charged = price.Recurring is { } other ? $"every {other.IntervalCount} {other.Interval}" : "once";
            yield return FindingKinds.PriceInterval.Found($"{subject} is charged {charged} and the catalog says every {entry.StripeInterval}.");
        }
        if (price.Livemode != options.Value.Livemode)
        {
            yield return Modes.Mixed(subject, price.Livemode);
        }
    }
}
