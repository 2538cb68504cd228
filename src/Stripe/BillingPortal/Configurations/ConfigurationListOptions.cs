namespace Stripe.BillingPortal;

public sealed class ConfigurationListOptions : ListOptions
{
    public bool? Active { get; set; }
    public bool? IsDefault { get; set; }
}
