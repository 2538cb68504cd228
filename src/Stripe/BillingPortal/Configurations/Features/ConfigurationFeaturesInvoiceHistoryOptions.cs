namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesInvoiceHistoryOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}
