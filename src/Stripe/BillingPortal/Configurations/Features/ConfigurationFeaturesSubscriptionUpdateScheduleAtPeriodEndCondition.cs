namespace Stripe.BillingPortal;

public sealed class ConfigurationFeaturesSubscriptionUpdateScheduleAtPeriodEndCondition
{
    public string Type { get; set; } = "";
}
