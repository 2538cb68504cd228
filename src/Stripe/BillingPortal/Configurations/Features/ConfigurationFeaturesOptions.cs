namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesOptions : INestedOptions
{
    public ConfigurationFeaturesCustomerUpdateOptions? CustomerUpdate { get; set; }
    public ConfigurationFeaturesInvoiceHistoryOptions? InvoiceHistory { get; set; }
    public ConfigurationFeaturesPaymentMethodUpdateOptions? PaymentMethodUpdate { get; set; }
    public ConfigurationFeaturesSubscriptionCancelOptions? SubscriptionCancel { get; set; }
    public ConfigurationFeaturesSubscriptionUpdateOptions? SubscriptionUpdate { get; set; }
}
