namespace Stripe.BillingPortal;

public sealed class SessionFlowDataSubscriptionCancelOptions : INestedOptions
{
    public string? Subscription { get; set; }
}
