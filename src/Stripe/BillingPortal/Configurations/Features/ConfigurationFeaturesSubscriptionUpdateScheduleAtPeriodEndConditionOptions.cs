namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEndConditionOptions : INestedOptions
{
    /// <summary><c>decreasing_item_amount</c> or <c>shortening_interval</c>.</summary>
    public string? Type { get; set; }
}
