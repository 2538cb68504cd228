namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesPaymentMethodUpdate
{
    public bool Enabled { get; set; }
}
