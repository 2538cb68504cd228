namespace Stripe.Checkout;

public sealed class SessionPaymentIntentDataOptions : INestedOptions
{
    /// <summary>At most 1000 characters.</summary>
    public string? Description { get; set; }

    /// <summary>Copied to the payment intent.</summary>
    public Dictionary<string, string>? Metadata { get; set; }

    public string? ReceiptEmail { get; set; }
}
