namespace Stripe;

/// <summary>One line of a checkout session. Amounts are minor units of <see cref="Currency"/>.</summary>
public sealed class LineItem : StripeEntity<LineItem>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "item";
    public long AmountSubtotal { get; set; }
    public long AmountTotal { get; set; }
    public string Currency { get; set; } = "";
    public string? Description { get; set; }
    public Price? Price { get; set; }
    public long? Quantity { get; set; }
}
