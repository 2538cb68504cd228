namespace Stripe.BillingPortal;

public sealed class SessionFlowDataSubscriptionUpdateConfirmOptions : INestedOptions
{
    /// <summary>Exactly one.</summary>
    public List<SessionFlowDataSubscriptionUpdateConfirmItemOptions>? Items { get; set; }

    public string? Subscription { get; set; }
}
