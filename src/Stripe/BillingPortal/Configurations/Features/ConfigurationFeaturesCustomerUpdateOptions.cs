namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesCustomerUpdateOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}
