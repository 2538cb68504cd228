using Billing.Catalog;
using Billing.Persistence;

namespace DevHost;

/// <summary>Brings a Stripe account to what the demo needs: a price for every catalog entry and a webhook endpoint. Safe to repeat.</summary>
internal sealed class StripeSetup(Stripe.IStripeClient stripe)
{
    /// <summary>Makes the products and prices that are not there yet, found by lookup key.</summary>
    public async Task EnsurePricesAsync(PlanCatalog catalog, CancellationToken cancellationToken)
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

    /// <summary>The signing secret of an endpoint with this URL and these events; made anew when its secret is not known any more.</summary>
    public async Task<string> EnsureWebhookAsync(string url, IReadOnlyCollection<string> types, KeptState kept, CancellationToken cancellationToken)
    {
        var endpoints = new Stripe.WebhookEndpointService(stripe);
        foreach (var endpoint in (await endpoints.ListAsync(cancellationToken: cancellationToken)).Data)
        {
            var isCurrent = endpoint.Url == url && endpoint.EnabledEvents.ToHashSet().SetEquals(types);
            if (isCurrent && kept.WebhookSecrets.TryGetValue(endpoint.Id, out var secret))
            {
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
