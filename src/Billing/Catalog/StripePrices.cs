using Billing.Api;
using Billing.Persistence;
using Microsoft.Extensions.Caching.Memory;

namespace Billing.Catalog;

/// <summary>Finds the Stripe price of a catalog entry by its lookup key or id, and refuses one that is not what the catalog says.</summary>
internal sealed partial class StripePrices(Stripe.IStripeClient stripe, ILogger<StripePrices> log) : IDisposable
{
    /// <summary>How long a found price is trusted. Its amount cannot change; only another price can take over the key.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _found = new(new MemoryCacheOptions());

    /// <summary>The id of the price to sell, or a refusal (503) while Stripe has no such price.</summary>
    public async Task<Result<string>> FindAsync(CatalogEntry entry, CancellationToken cancellationToken)
    {
        if (_found.TryGetValue(entry.Price.Name, out string? id))
        {
            return id!;
        }

        var candidates = await CandidatesAsync(entry.Price, cancellationToken);
        if (candidates.Find(price => price.Active && entry.Charges(price)) is not { } price)
        {
            LogNoSuchPrice(entry.Plan, entry.Interval, entry.Price.Name, candidates.Count);
            return ApiError.Unavailable("This plan cannot be bought right now. The operator finds the cause in the log.");
        }
        return _found.Set(entry.Price.Name, price.Id, Freshness);
    }

    /// <summary>Stripe would not sell it: it may be archived, and another price have its key by now.</summary>
    public void Forget(CatalogEntry entry) => _found.Remove(entry.Price.Name);

    private async Task<List<Stripe.Price>> CandidatesAsync(PriceOptions wanted, CancellationToken cancellationToken)
    {
        var prices = new Stripe.PriceService(stripe);
        if (wanted.LookupKey.Length > 0)
        {
            var options = new Stripe.PriceListOptions { LookupKeys = [wanted.LookupKey], Active = true };
            return (await prices.ListAsync(options, cancellationToken: cancellationToken)).Data;
        }
        try
        {
            return [await prices.GetAsync(wanted.PriceId, cancellationToken: cancellationToken)];
        }
        catch (Stripe.StripeException missing) when (StripeErrors.IsMissing(missing))
        {
            return [];
        }
    }

    public void Dispose() => _found.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message =
        "No active Stripe price sells plan {Plan} {Interval}: {PriceName} finds {Count}, none with the catalog's amount, currency and interval")]
    private partial void LogNoSuchPrice(string plan, BillingInterval interval, string priceName, int count);
}
