namespace Stripe.BillingPortal;

public sealed class ConfigurationBusinessProfileOptions : INestedOptions
{
    /// <summary>At most 60 characters.</summary>
    public string? Headline { get; set; }

    public string? PrivacyPolicyUrl { get; set; }
    public string? TermsOfServiceUrl { get; set; }
}
