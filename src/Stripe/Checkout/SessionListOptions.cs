namespace Stripe.Checkout;

public sealed class SessionListOptions : ListOptions
{
    public AnyOf<DateTime?, DateRangeOptions>? Created { get; set; }
    public string? Customer { get; set; }

    /// <summary>Finds the session behind a payment.</summary>
    public string? PaymentIntent { get; set; }

    public string? Status { get; set; }

    /// <summary>Finds the session behind a subscription.</summary>
    public string? Subscription { get; set; }
}
