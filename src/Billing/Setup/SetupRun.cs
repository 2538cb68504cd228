namespace Billing.Setup;

/// <summary>What the steps of one set-up hand on to each other.</summary>
/// <param name="stripe">With a key that may write all of it.</param>
/// <param name="showSecret">Gets an endpoint and its signing secret, once, before the next call.</param>
internal sealed class SetupRun(Stripe.IStripeClient stripe, Func<Stripe.WebhookEndpoint, Task> showSecret)
{
    public Stripe.IStripeClient Stripe => stripe;

    /// <summary>The prices of the catalog by the names that the catalog gives them, as far as they are found or made by now.</summary>
    public Dictionary<string, Stripe.Price> Sold { get; } = [];

    /// <summary>The products of plans, as far as they are found or made by now.</summary>
    public Dictionary<string, string> Products { get; } = [];

    /// <summary>The id for <c>Stripe:PortalConfiguration</c>; empty before it is found or made.</summary>
    public string PortalConfiguration { get; set; } = "";

    public Task ShowSecretAsync(Stripe.WebhookEndpoint endpoint) => showSecret(endpoint);
}
