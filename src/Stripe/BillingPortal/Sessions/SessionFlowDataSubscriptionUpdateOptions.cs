namespace Stripe.BillingPortal;

public sealed class SessionFlowDataSubscriptionUpdateOptions : INestedOptions
{
    public string? Subscription { get; set; }
}
