namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesSubscriptionUpdateProductOptions : INestedOptions
{
    public List<string>? Prices { get; set; }
    public string? Product { get; set; }
}
