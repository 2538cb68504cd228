namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesSubscriptionCancelOptions : INestedOptions
{
    public bool? Enabled { get; set; }

    /// <summary><c>at_period_end</c> or <c>immediately</c>.</summary>
    public string? Mode { get; set; }

    public string? ProrationBehavior { get; set; }
}
