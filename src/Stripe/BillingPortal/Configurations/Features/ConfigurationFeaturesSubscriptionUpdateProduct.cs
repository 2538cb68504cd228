namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesSubscriptionUpdateProduct
{
    public List<string> Prices { get; set; } = [];
    public string Product { get; set; } = "";
}
