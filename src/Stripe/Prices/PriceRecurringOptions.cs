namespace Stripe;

public sealed class PriceRecurringOptions : INestedOptions
{
    /// <summary><c>day</c>, <c>week</c>, <c>month</c> or <c>year</c>.</summary>
    public string? Interval { get; set; }

    public long? IntervalCount { get; set; }
}
