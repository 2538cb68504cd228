namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesInvoiceHistory
{
    public bool Enabled { get; set; }
}
