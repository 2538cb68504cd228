namespace Stripe.BillingPortal;

public sealed class SessionFlowDataAfterCompletionOptions : INestedOptions
{
    public SessionFlowDataAfterCompletionRedirectOptions? Redirect { get; set; }

    /// <summary><c>redirect</c>, <c>hosted_confirmation</c> or <c>portal_homepage</c>.</summary>
    public string? Type { get; set; }
}
