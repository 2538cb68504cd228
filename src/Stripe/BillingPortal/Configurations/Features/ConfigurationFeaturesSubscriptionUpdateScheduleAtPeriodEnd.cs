namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEnd
{
    public List<ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEndCondition> Conditions { get; set; } = [];
}
