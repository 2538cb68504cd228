namespace Stripe.Checkout;

public sealed class SessionLineItemOptions : INestedOptions
{
    /// <summary>An existing price; excludes <see cref="PriceData"/>.</summary>
    public string? Price { get; set; }

    public SessionLineItemPriceDataOptions? PriceData { get; set; }
    public long? Quantity { get; set; }
}
