namespace Stripe.Checkout;

public sealed class SessionTaxIdCollectionOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}
