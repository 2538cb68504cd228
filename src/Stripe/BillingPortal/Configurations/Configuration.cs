namespace Stripe.BillingPortal;

/// <summary>What customers may do in the portal (<c>bpc_</c>).</summary>
public sealed class Configuration : StripeEntity<Configuration>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "billing_portal.configuration";
    public bool Active { get; set; }
    public string? DefaultReturnUrl { get; set; }
    public ConfigurationFeatures Features { get; set; } = new();

    /// <summary>Exactly one configuration of an account is.</summary>
    public bool IsDefault { get; set; }

    public bool Livemode { get; set; }
    public Dictionary<string, string>? Metadata { get; set; }
    public string? Name { get; set; }
}
