namespace Stripe.Checkout;

public sealed class SessionAutomaticTaxOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}
