namespace Stripe.BillingPortal;

public sealed class ConfigurationUpdateOptions : BaseOptions
{
    public bool? Active { get; set; }
    public ConfigurationBusinessProfileOptions? BusinessProfile { get; set; }
    public string? DefaultReturnUrl { get; set; }
    public ConfigurationFeaturesOptions? Features { get; set; }
    public Dictionary<string, string>? Metadata { get; set; }
    public string? Name { get; set; }
}
