using Billing.Persistence;
using Microsoft.Extensions.Options;

namespace Billing.Catalog;

/// <summary>What is for sale, and which plan a Stripe price means.</summary>
internal sealed class PlanCatalog(IOptions<BillingOptions> options)
{
    private readonly Dictionary<string, PlanOptions> _plans = options.Value.Plans;

    private readonly Dictionary<string, CatalogEntry> _byLookupKey = (
        from plan in options.Value.Plans
        from interval in Enum.GetValues<BillingInterval>()
        let price = plan.Value.Price(interval)
        where price is not null
        select new CatalogEntry(plan.Key, interval, price)).ToDictionary(entry => entry.Price.LookupKey);

    public IEnumerable<string> Plans => _plans.Keys;

    public IEnumerable<CatalogEntry> Entries => _byLookupKey.Values;

    public bool Has(string plan) => _plans.ContainsKey(plan);

    /// <summary>The entry for sale, or null if the plan is not sold at this interval.</summary>
    public CatalogEntry? Find(string plan, BillingInterval interval) =>
        _plans.GetValueOrDefault(plan)?.Price(interval) is { } price ? new CatalogEntry(plan, interval, price) : null;

    /// <summary>The rank of a plan; 0 for the free plan and for plans that left the catalog.</summary>
    public int Rank(string? plan) => plan is not null && _plans.TryGetValue(plan, out var found) ? found.Rank : 0;

    /// <summary>The plan that a price of Stripe's sells, or sold to this org, or null if it maps to none.</summary>
    public string? PlanOf(Stripe.Price price, IReadOnlyDictionary<string, string> soldPrices) =>
        price.LookupKey is { } key && _byLookupKey.TryGetValue(key, out var entry) ? entry.Plan : soldPrices.GetValueOrDefault(price.Id);
}

/// <summary>A plan at an interval with its price.</summary>
internal sealed record CatalogEntry(string Plan, BillingInterval Interval, PriceOptions Price);
