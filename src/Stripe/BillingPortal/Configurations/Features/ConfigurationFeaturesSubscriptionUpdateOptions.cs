namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesSubscriptionUpdateOptions : INestedOptions
{
    public string? BillingCycleAnchor { get; set; }

    /// <summary><c>price</c>, <c>quantity</c>, <c>promotion_code</c>; empty allows none.</summary>
    public List<string>? DefaultAllowedUpdates { get; set; }

    public bool? Enabled { get; set; }

    /// <summary>The prices that a customer may switch to.</summary>
    public List<ConfigurationFeaturesSubscriptionUpdateProductOptions>? Products { get; set; }

    public string? ProrationBehavior { get; set; }

    /// <summary>Which changes wait for the end of the period.</summary>
    public ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEndOptions? ScheduleAtPeriodEnd { get; set; }

    public string? TrialUpdateBehavior { get; set; }
}
