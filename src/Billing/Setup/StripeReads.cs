using Billing.Api;
using Billing.Catalog;
using Stripe.BillingPortal;

namespace Billing.Setup;

/// <summary>Reads what a Stripe account has of what the service needs. Every method may throw what the client throws.</summary>
internal sealed class StripeReads(Stripe.IStripeClient stripe)
{
    /// <summary>The most lookup keys that one list call takes (FACTS B.2).</summary>
    private const int MaxKeys = 10;

    private const int PageSize = 100;

    private readonly Stripe.PriceService _prices = new(stripe);

    /// <summary>The prices that the catalog names, archived ones too, with their products; those that are not there are left out.</summary>
    public async Task<IReadOnlyList<Stripe.Price>> NamedPricesAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        var found = new List<Stripe.Price>();
        var (byId, byKey) = (catalog.Entries.Where(entry => entry.Price.PriceId.Length > 0), catalog.Entries.Where(entry => entry.Price.LookupKey.Length > 0));
        foreach (var keys in byKey.Select(entry => entry.Price.LookupKey).Chunk(MaxKeys))
        {
            var options = new Stripe.PriceListOptions { LookupKeys = [.. keys], Limit = PageSize, Expand = ["data.product"] };
            found.AddRange(await _prices.ListAsync(options, cancellationToken: cancellationToken));
        }
        foreach (var entry in byId)
        {
            try
            {
                var options = new Stripe.PriceGetOptions { Expand = ["product"] };
                found.Add(await _prices.GetAsync(entry.Price.PriceId, options, cancellationToken: cancellationToken));
            }
            catch (Stripe.StripeException missing) when (StripeErrors.IsMissing(missing))
            {
                // The one who asked sees that it is not among these.
            }
        }
        return [.. found.DistinctBy(price => price.Id)]; // one entry may name it by its key and another by its id
    }

    /// <summary>Every price that can be sold, with its product. Those that payment pages make on the spot are never active.</summary>
    public Task<IReadOnlyList<Stripe.Price>> ActivePricesAsync(CancellationToken cancellationToken) => AllAsync(_prices.ListAutoPagingAsync(
        new Stripe.PriceListOptions { Active = true, Limit = PageSize, Expand = ["data.product"] }, cancellationToken: cancellationToken));

    /// <summary>Every portal configuration, inactive ones too, with the prices that it offers.</summary>
    public Task<IReadOnlyList<Configuration>> PortalsAsync(CancellationToken cancellationToken) => AllAsync(new ConfigurationService(stripe).ListAutoPagingAsync(
        new ConfigurationListOptions { Limit = PageSize, Expand = ["data.features.subscription_update.products"] }, cancellationToken: cancellationToken));

    /// <summary>Every webhook endpoint; a secret is never among what is read.</summary>
    public Task<IReadOnlyList<Stripe.WebhookEndpoint>> EndpointsAsync(CancellationToken cancellationToken) => AllAsync(
        new Stripe.WebhookEndpointService(stripe).ListAutoPagingAsync(
            new Stripe.WebhookEndpointListOptions { Limit = PageSize }, cancellationToken: cancellationToken));

    private static async Task<IReadOnlyList<T>> AllAsync<T>(IAsyncEnumerable<T> pages)
    {
        var all = new List<T>();
        await foreach (var one in pages)
        {
            all.Add(one);
        }
        return all;
    }
}
