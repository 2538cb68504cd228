using Billing.Persistence;
using Microsoft.Extensions.Options;

namespace Billing.Catalog;

/// <summary>What is for sale, and which plan a Stripe price means.</summary>
internal sealed class PlanCatalog(IOptions<BillingOptions> options)
{
    private readonly Dictionary<string, PlanOptions> _plans = options.Value.Plans;

    // By lookup key or by id; the two cannot be mistaken for each other in practice, and a mistake would need both configured alike.
    private readonly Dictionary<string, CatalogEntry> _byName = (
        from plan in options.Value.Plans
        from interval in Enum.GetValues<BillingInterval>()
        let price = plan.Value.Price(interval)
        where price is not null
        select new CatalogEntry(plan.Key, interval, price)).ToDictionary(entry => entry.Price.Name);

    public IEnumerable<string> Plans => _plans.Keys;

    public IEnumerable<CatalogEntry> Entries => _byName.Values;

    public bool Has(string plan) => _plans.ContainsKey(plan);

    /// <summary>The entry for sale, or null if the plan is not sold at this interval.</summary>
    public CatalogEntry? Find(string plan, BillingInterval interval) =>
        _plans.GetValueOrDefault(plan)?.Price(interval) is { } price ? new CatalogEntry(plan, interval, price) : null;

    /// <summary>The rank of a plan; 0 for the free plan and for plans that left the catalog.</summary>
    public int Rank(string? plan) => plan is not null && _plans.TryGetValue(plan, out var found) ? found.Rank : 0;

    /// <summary>The credits that a month of the plan brings; 0 for plans that left the catalog.</summary>
    public long MonthlyCredits(string? plan) => plan is not null && _plans.TryGetValue(plan, out var found) ? found.MonthlyCredits : 0;

    /// <summary>The plan that a price of Stripe's sells, or sold to this org, or null if it maps to none.</summary>
    public string? PlanOf(Stripe.Price price, IReadOnlyDictionary<string, string> soldPrices) =>
        EntryOf(price)?.Plan ?? soldPrices.GetValueOrDefault(price.Id);

    private CatalogEntry? EntryOf(Stripe.Price price) =>
        price.LookupKey is { } key && _byName.TryGetValue(key, out var byKey) && byKey.Price.LookupKey == key ? byKey
        : _byName.TryGetValue(price.Id, out var byId) && byId.Price.PriceId == price.Id ? byId
        : null;
}

/// <summary>A plan at an interval with its price.</summary>
internal sealed record CatalogEntry(string Plan, BillingInterval Interval, PriceOptions Price)
{
    /// <summary>Stripe's word for the interval.</summary>
    public string StripeInterval => Interval == BillingInterval.Annual ? "year" : "month";

    /// <summary>Whether this price of Stripe's charges what the catalog says.</summary>
    public bool Charges(Stripe.Price price) =>
        price.Currency == Price.Currency
        && price.UnitAmount == Price.Amount
        && price.Recurring is { IntervalCount: 1 } recurring
        && recurring.Interval == StripeInterval;
}
