namespace Stripe.BillingPortal;

public sealed class SessionFlowDataAfterCompletionRedirectOptions : INestedOptions
{
    public string? ReturnUrl { get; set; }
}
