using Billing.Api;
using Billing.Persistence;
using Microsoft.Extensions.Caching.Memory;

namespace Billing.Catalog;

/// <summary>Finds the Stripe price of a catalog entry by its lookup key and refuses one that is not what the catalog says.</summary>
internal sealed partial class StripePrices(Stripe.IStripeClient stripe, ILogger<StripePrices> log) : IDisposable
{
    /// <summary>How long a found price is trusted. Its amount cannot change; only another price can take over the key.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _found = new(new MemoryCacheOptions());

    /// <summary>The id of the price to sell, or a refusal (503) while Stripe has no such price.</summary>
    public async Task<Result<string>> FindAsync(CatalogEntry entry, CancellationToken cancellationToken)
    {
        var key = entry.Price.LookupKey;
        if (_found.TryGetValue(key, out string? id))
        {
            return id!;
        }

        var options = new Stripe.PriceListOptions { LookupKeys = [key], Active = true };
        var prices = await new Stripe.PriceService(stripe).ListAsync(options, cancellationToken: cancellationToken);
        if (prices.Data.Find(price => Fits(price, entry)) is not { } price)
        {
            LogNoSuchPrice(entry.Plan, entry.Interval, key, prices.Data.Count);
            return ApiError.Unavailable("This plan cannot be bought right now. The operator finds the cause in the log.");
        }
        return _found.Set(key, price.Id, Freshness);
    }

    private static bool Fits(Stripe.Price price, CatalogEntry entry) =>
        price.Currency == entry.Price.Currency
        && price.UnitAmount == entry.Price.Amount
        && price.Recurring is { IntervalCount: 1 } recurring
        && recurring.Interval == (entry.Interval == BillingInterval.Annual ? "year" : "month");

    public void Dispose() => _found.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message =
        "No active Stripe price sells plan {Plan} {Interval}: lookup key {LookupKey} finds {Count}, none with the catalog's amount, currency and interval")]
    private partial void LogNoSuchPrice(string plan, BillingInterval interval, string lookupKey, int count);
}
