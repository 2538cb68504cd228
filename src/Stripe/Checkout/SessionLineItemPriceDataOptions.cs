namespace Stripe.Checkout;

/// <summary>A price made for this session only; it is inactive to lists.</summary>
public sealed class SessionLineItemPriceDataOptions : INestedOptions
{
    public string? Currency { get; set; }

    /// <summary>An existing product; excludes <see cref="ProductData"/>.</summary>
    public string? Product { get; set; }

    public SessionLineItemPriceDataProductDataOptions? ProductData { get; set; }
    public SessionLineItemPriceDataRecurringOptions? Recurring { get; set; }

    /// <summary>Minor units of <see cref="Currency"/>.</summary>
    public long? UnitAmount { get; set; }
}
