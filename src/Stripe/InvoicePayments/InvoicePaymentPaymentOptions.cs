namespace Stripe;

public sealed class InvoicePaymentPaymentOptions : INestedOptions
{
    public string? PaymentIntent { get; set; }
    public string? Type { get; set; }
}
