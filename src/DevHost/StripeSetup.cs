using Billing.Catalog;
using Billing.Setup;

namespace DevHost;

/// <summary>Brings a Stripe account to what the demo needs: prices, a portal configuration and a webhook endpoint. Safe to repeat.</summary>
internal sealed class StripeSetup(Stripe.IStripeClient stripe)
{
    private const string WebhookPath = "/v1/billing/webhook";

    /// <summary>Makes the prices and the portal configuration that are not there yet.</summary>
    /// <returns>The portal configuration's id.</returns>
    /// <exception cref="DevHostException">Stripe refused the key, or cannot be reached.</exception>
    public async Task<string> EnsureCatalogAsync(PlanCatalog catalog, CancellationToken cancellationToken)
    {
        try
        {
            return await new AccountSetup(stripe, catalog).EnsureCatalogAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is Stripe.StripeException or HttpRequestException)
        {
            throw new DevHostException($"Setting up the catalog at Stripe failed: {failure.Message}", failure);
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
}
