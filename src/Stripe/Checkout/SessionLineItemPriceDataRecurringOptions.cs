namespace Stripe.Checkout;

public sealed class SessionLineItemPriceDataRecurringOptions : INestedOptions
{
    public string? Interval { get; set; }
    public long? IntervalCount { get; set; }
}
