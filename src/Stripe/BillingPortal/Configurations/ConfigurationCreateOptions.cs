namespace Stripe.BillingPortal;

public sealed class ConfigurationCreateOptions : BaseOptions
{
    public ConfigurationBusinessProfileOptions? BusinessProfile { get; set; }
    public string? DefaultReturnUrl { get; set; }

    /// <summary>Required.</summary>
    public ConfigurationFeaturesOptions? Features { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }
    public string? Name { get; set; }
}
