using Billing.Catalog;

namespace Billing.Setup;

/// <summary>Brings a Stripe account's prices in line with the catalog. Safe to repeat.</summary>
internal sealed class StripeCatalog(Stripe.IStripeClient stripe, PlanCatalog catalog)
{
    private readonly Stripe.PriceService _prices = new(stripe);

    /// <summary>
    /// Makes the products and prices that are not there yet, found by lookup key; prices named by id must exist. A price cannot change, so
    /// for one that charges something else than the catalog says another is made, which takes the key; those who pay the former go on with it.
    /// </summary>
    /// <returns>The price of every catalog entry.</returns>
    /// <exception cref="Stripe.StripeException">Among others, if a price named by id does not exist.</exception>
    public async Task<IReadOnlyList<Stripe.Price>> EnsurePricesAsync(CancellationToken cancellationToken)
    {
        var all = new List<Stripe.Price>();
        foreach (var plan in catalog.Entries.GroupBy(entry => entry.Plan))
        {
            var found = await FindAsync(plan, cancellationToken);
            var product = found.FirstOrDefault()?.ProductId;
            foreach (var entry in plan.Where(entry => entry.Price.LookupKey.Length > 0))
            {
                if (found.Exists(price => price.LookupKey == entry.Price.LookupKey && entry.Charges(price)))
                {
                    continue;
                }
                var made = await CreateAsync(entry, product, cancellationToken);
                product = made.ProductId;
                found.RemoveAll(price => price.LookupKey == entry.Price.LookupKey);
                found.Add(made);
            }
            all.AddRange(found);
        }
        return all;
    }

    private async Task<List<Stripe.Price>> FindAsync(IEnumerable<CatalogEntry> entries, CancellationToken cancellationToken)
    {
        var byId = entries.ToLookup(entry => entry.Price.PriceId.Length > 0);
        var found = new List<Stripe.Price>();
        foreach (var entry in byId[true])
        {
            found.Add(await _prices.GetAsync(entry.Price.PriceId, cancellationToken: cancellationToken));
        }
        if (byId[false].Select(entry => entry.Price.LookupKey).ToList() is { Count: > 0 } keys)
        {
            found.AddRange(await _prices.ListAsync(new Stripe.PriceListOptions { LookupKeys = keys, Active = true }, cancellationToken: cancellationToken));
        }
        return found;
    }

    private Task<Stripe.Price> CreateAsync(CatalogEntry entry, string? product, CancellationToken cancellationToken)
    {
        var options = new Stripe.PriceCreateOptions
        {
            LookupKey = entry.Price.LookupKey,
            TransferLookupKey = true, // also from one that was archived
            UnitAmount = entry.Price.Amount,
            Currency = entry.Price.Currency,
            Recurring = new Stripe.PriceRecurringOptions { Interval = entry.StripeInterval },
        };
        if (product is null)
        {
            options.ProductData = new Stripe.PriceProductDataOptions { Name = char.ToUpperInvariant(entry.Plan[0]) + entry.Plan[1..] };
        }
        else
        {
            options.Product = product;
        }
        return _prices.CreateAsync(options, cancellationToken: cancellationToken);
    }
}
