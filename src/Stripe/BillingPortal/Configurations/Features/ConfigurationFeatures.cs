namespace Stripe.BillingPortal;

/// <summary>The tasks that the portal offers.</summary>
public sealed class ConfigurationFeatures
{
    public ConfigurationFeaturesCustomerUpdate CustomerUpdate { get; set; } = new();
    public ConfigurationFeaturesInvoiceHistory InvoiceHistory { get; set; } = new();
    public ConfigurationFeaturesPaymentMethodUpdate PaymentMethodUpdate { get; set; } = new();
    public ConfigurationFeaturesSubscriptionCancel SubscriptionCancel { get; set; } = new();
    public ConfigurationFeaturesSubscriptionUpdate SubscriptionUpdate { get; set; } = new();
}
