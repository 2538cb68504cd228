using Billing.Catalog;
using Billing.Persistence;

namespace DevHost;

/// <summary>Brings a Stripe account to what the demo needs: a price for every catalog entry and a webhook endpoint. Safe to repeat.</summary>
internal sealed class StripeSetup(Stripe.IStripeClient stripe)
{
    private const string WebhookPath = "/v1/billing/webhook";

    /// <summary>Makes the products and prices that are not there yet, found by lookup key.</summary>
    /// <exception cref="DevHostException">Stripe refused the key, or cannot be reached.</exception>
    public async Task EnsurePricesAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        try
        {
            await CreateMissingPricesAsync(catalog, cancellationToken);
        }
        catch (Exception failure) when (failure is Stripe.StripeException or HttpRequestException)
        {
            throw new DevHostException($"Setting up the catalog's prices at Stripe failed: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// The signing secret of the service's endpoint, brought to these events and the service's present URL; made anew when its secret
    /// is not known any more. Endpoints that the developer adds for other programs are left alone.
    /// </summary>
    public async Task<string> EnsureWebhookAsync(string serviceUrl, IReadOnlyCollection<string> types, KeptState kept, CancellationToken cancellationToken)
    {
        var url = serviceUrl + WebhookPath;
        var endpoints = new Stripe.WebhookEndpointService(stripe);
        var ours = (await endpoints.ListAsync(cancellationToken: cancellationToken)).Data
            .Where(endpoint => endpoint.Url.EndsWith(WebhookPath, StringComparison.Ordinal));
        foreach (var endpoint in ours)
        {
            if (endpoint.ApiVersion == Stripe.StripeConfiguration.ApiVersion && kept.WebhookSecrets.TryGetValue(endpoint.Id, out var secret))
            {
                // The same endpoint on another port: what it has yet to deliver goes there too.
                await endpoints.UpdateAsync(
                    endpoint.Id, new Stripe.WebhookEndpointUpdateOptions { Url = url, EnabledEvents = [.. types] }, cancellationToken: cancellationToken);
                return secret;
            }
            await endpoints.DeleteAsync(endpoint.Id, cancellationToken: cancellationToken);
        }

        var made = await endpoints.CreateAsync(
            new Stripe.WebhookEndpointCreateOptions
            {
                Url = url,
                EnabledEvents = [.. types],
                ApiVersion = Stripe.StripeConfiguration.ApiVersion,
                Description = "DevHost",
            },
            cancellationToken: cancellationToken);
        kept.WebhookSecrets.Clear();
        return kept.WebhookSecrets[made.Id] = made.Secret!;
    }

    private async Task CreateMissingPricesAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        foreach (var plan in catalog.Entries.GroupBy(entry => entry.Plan))
        {
            var keys = plan.Select(entry => entry.Price.LookupKey).ToList();
            var found = await new Stripe.PriceService(stripe).ListAsync(
                new Stripe.PriceListOptions { LookupKeys = keys }, cancellationToken: cancellationToken);
            var product = found.Data.FirstOrDefault()?.ProductId;
            foreach (var entry in plan.Where(entry => found.All(price => price.LookupKey != entry.Price.LookupKey)))
            {
                product = (await CreatePriceAsync(entry, product, cancellationToken)).ProductId;
            }
        }
    }

    private Task<Stripe.Price> CreatePriceAsync(CatalogEntry entry, string? product, CancellationToken cancellationToken) =>
        new Stripe.PriceService(stripe).CreateAsync(
            new Stripe.PriceCreateOptions
            {
                Product = product,
                ProductData = product is null ? new Stripe.PriceProductDataOptions { Name = Title(entry.Plan) } : null,
                LookupKey = entry.Price.LookupKey,
                UnitAmount = entry.Price.Amount,
                Currency = entry.Price.Currency,
                Recurring = new Stripe.PriceRecurringOptions { Interval = entry.Interval == BillingInterval.Annual ? "year" : "month" },
            },
            cancellationToken: cancellationToken);

    private static string Title(string plan) => char.ToUpperInvariant(plan[0]) + plan[1..];
}
