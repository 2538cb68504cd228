namespace Stripe.BillingPortal;

public sealed class SessionCreateOptions : BaseOptions
{
    public string? Configuration { get; set; }
    public string? Customer { get; set; }

    /// <summary>Sends the visitor straight to one task.</summary>
    public SessionFlowDataOptions? FlowData { get; set; }

    public string? Locale { get; set; }

    /// <summary>Unset means the default of the configuration.</summary>
    public string? ReturnUrl { get; set; }
}
