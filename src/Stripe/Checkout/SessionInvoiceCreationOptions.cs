namespace Stripe.Checkout;

public sealed class SessionInvoiceCreationOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}
