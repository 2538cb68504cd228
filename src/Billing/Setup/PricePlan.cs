using Billing.Catalog;
using Billing.Setup.Steps;

namespace Billing.Setup;

/// <summary>What brings products and prices to the catalog. Pure: the same catalog and state give the same steps.</summary>
internal static class PricePlan
{
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A price that the catalog names by id is missing or charges something else.</exception>
    public static IEnumerable<Step> Of(PlanCatalog catalog, IReadOnlyList<Stripe.Price> prices) =>
        catalog.Entries.GroupBy(entry => entry.Plan).SelectMany(plan => OfPlan(plan.Key, [.. plan], prices)).ToList();

    /// <summary>Takes off sale what is ours and not for sale any more; after the portal stopped to offer it.</summary>
    public static IEnumerable<Step> Leftovers(PlanCatalog catalog, IReadOnlyList<Stripe.Price> prices)
    {
        var named = catalog.Entries.Select(entry => (Entry: entry, Price: Find(entry, prices))).Where(pair => pair.Price is not null).ToList();
        var kept = named.Where(pair => pair.Entry.Charges(pair.Price!)).Select(pair => pair.Price!.Id).ToHashSet();
        var ours = named.Select(pair => pair.Price!.Id).ToHashSet();
        foreach (var price in prices.Where(price => IsOnSale(price) && !kept.Contains(price.Id) && (Marks.PlanOf(price) is not null || ours.Contains(price.Id))))
        {
            if (price.Product?.DefaultPriceId == price.Id)
            {
                if (catalog.Entries.FirstOrDefault(entry => ProductOf(entry.Plan, catalog.Entries, prices)?.Id == price.ProductId) is not { } heir)
                {
                    yield return new ArchiveProduct(price.ProductId);
                    continue;
                }
                yield return new MoveDefaultPrice(price.ProductId, heir.Price.Name);
            }
            yield return new ArchivePrice(price, "the catalog does not sell it any more; those who pay it go on");
        }
    }

    private static IEnumerable<Step> OfPlan(string plan, IReadOnlyList<CatalogEntry> entries, IReadOnlyList<Stripe.Price> prices)
    {
        var product = ProductOf(plan, entries, prices);
        if (product is { Active: false })
        {
            yield return new ReviveProduct(product.Id, plan);
        }
        foreach (var entry in entries)
        {
            var found = Find(entry, prices);
            var differs = found is null ? null : WhyNot(entry, found);
            if (entry.Price.PriceId.Length > 0 && (found is null || differs is not null))
            {
                throw SetupSettings.Wrong($"Billing:Plans:{plan}:{entry.Interval}:PriceId is {entry.Price.PriceId}, which {differs ?? "is not at Stripe"}: "
                    + "correct it, or set LookupKey in its place to have a price made.");
            }
            var unmarked = entry.Price.LookupKey.Length > 0 && found is not null && Marks.PlanOf(found) != plan;
            if (differs is not null && unmarked)
            {
                // Known as ours before it loses the key: a run that is interrupted then still finds what to archive.
                yield return new MendPrice(entry, found!, IsSold: false, "it is marked as ours before another takes its key");
            }
            yield return found is null ? new CreatePrice(entry, product?.Id, "no price has this lookup key")
                : differs is not null ? new CreatePrice(entry, product?.Id, $"{found.Id} {differs}; a price cannot be changed, so another takes its key")
                : !found.Active ? new MendPrice(entry, found, IsSold: true, $"{found.Id} is archived and the catalog sells it")
                : unmarked ? new MendPrice(entry, found, IsSold: true, $"{found.Id} is marked as ours")
                : new LeavePrice(entry, found);
        }
    }

    /// <summary>What of the price is not as the catalog says, as the end of a sentence; null: nothing.</summary>
    private static string? WhyNot(CatalogEntry entry, Stripe.Price price) => entry.Charges(price) ? null
        : price.Recurring is not { } recurring ? "is charged once"
        : $"charges {price.UnitAmount} {price.Currency} every {recurring.IntervalCount} {recurring.Interval}"
            + $" and the catalog says {entry.Price.Amount} {entry.Price.Currency} every {entry.StripeInterval}";

    private static Stripe.Product? ProductOf(string plan, IEnumerable<CatalogEntry> entries, IReadOnlyList<Stripe.Price> prices) =>
        (entries.Where(entry => entry.Plan == plan).Select(entry => Find(entry, prices)).OfType<Stripe.Price>().FirstOrDefault()
        ?? prices.FirstOrDefault(price => Marks.PlanOf(price) == plan))?.Product;

    /// <summary>The price that the catalog names, or null.</summary>
    public static Stripe.Price? Find(CatalogEntry entry, IReadOnlyList<Stripe.Price> prices) => prices.FirstOrDefault(price =>
        entry.Price.LookupKey.Length > 0 ? price.LookupKey == entry.Price.LookupKey : price.Id == entry.Price.PriceId);

    private static bool IsOnSale(Stripe.Price price) => price.Active && price.Product is not { Active: false };
}
