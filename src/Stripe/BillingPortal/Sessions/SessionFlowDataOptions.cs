namespace Stripe.BillingPortal;

public sealed class SessionFlowDataOptions : INestedOptions
{
    public SessionFlowDataAfterCompletionOptions? AfterCompletion { get; set; }
    public SessionFlowDataSubscriptionCancelOptions? SubscriptionCancel { get; set; }
    public SessionFlowDataSubscriptionUpdateOptions? SubscriptionUpdate { get; set; }
    public SessionFlowDataSubscriptionUpdateConfirmOptions? SubscriptionUpdateConfirm { get; set; }

    /// <summary>The wire name of the task; the task must be enabled in the configuration.</summary>
    public string? Type { get; set; }
}
