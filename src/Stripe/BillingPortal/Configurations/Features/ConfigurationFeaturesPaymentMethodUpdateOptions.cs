namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesPaymentMethodUpdateOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}
