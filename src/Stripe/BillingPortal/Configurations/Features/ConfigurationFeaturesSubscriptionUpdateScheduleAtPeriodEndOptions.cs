namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEndOptions : INestedOptions
{
    public List<ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEndConditionOptions>? Conditions { get; set; }
}
