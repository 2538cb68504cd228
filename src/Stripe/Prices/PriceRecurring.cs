namespace Stripe;

/// <summary>How often a recurring price bills.</summary>
public sealed class PriceRecurring
{
    /// <summary><c>day</c>, <c>week</c>, <c>month</c> or <c>year</c>.</summary>
    public string Interval { get; set; } = "";

    /// <summary>How many intervals lie between two bills.</summary>
    public long IntervalCount { get; set; }
}
