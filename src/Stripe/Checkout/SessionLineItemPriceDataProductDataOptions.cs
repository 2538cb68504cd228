namespace Stripe.Checkout;

public sealed class SessionLineItemPriceDataProductDataOptions : INestedOptions
{
    public string? Description { get; set; }
    public Dictionary<string, string>? Metadata { get; set; }
    public string? Name { get; set; }
}
