namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesSubscriptionUpdate
{
    public string? BillingCycleAnchor { get; set; }
    public List<string> DefaultAllowedUpdates { get; set; } = [];
    public bool Enabled { get; set; }

    /// <summary>Null unless expanded.</summary>
    public List<ConfigurationFeaturesSubscriptionUpdateProduct>? Products { get; set; }

    public string ProrationBehavior { get; set; } = "";
    public ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEnd ScheduleAtPeriodEnd { get; set; } = new();
    public string TrialUpdateBehavior { get; set; } = "";
}
