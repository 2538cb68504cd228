namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesCustomerUpdate
{
    public bool Enabled { get; set; }
}
