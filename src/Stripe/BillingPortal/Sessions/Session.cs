namespace Stripe.BillingPortal;

/// <summary>One visit to the customer portal (<c>bps_</c>).</summary>
public sealed class Session : StripeEntity<Session>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "billing_portal.session";
    public DateTime Created { get; set; }

    /// <summary>The id of the customer; not expandable.</summary>
    public string Customer { get; set; } = "";

    public string? ReturnUrl { get; set; }

    /// <summary>Opens the portal without a login: a credential, short-lived; never store or log it.</summary>
    public string Url { get; set; } = "";
}
