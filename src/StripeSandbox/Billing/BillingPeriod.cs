using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>
/// The periods of a recurring price: [Start, End) in unix seconds, counted from the anchor in calendar units. Months
/// shorter than the anchor's day end on their last day, and later periods return to that day: 31 January, 28 February, 31 March.
/// </summary>
internal readonly record struct BillingPeriod(long Start, long End)
{
    public long Seconds => End - Start;

    /// <summary>The period that holds the instant, which may not lie before the anchor.</summary>
    public static BillingPeriod Holding(long instant, long anchor, string interval, long count)
    {
        if (instant < anchor)
        {
            throw new ArgumentOutOfRangeException(nameof(instant), "The instant lies before the anchor.");
        }
        // An underestimate: no unit is longer than this. Then step up.
        var index = (instant - anchor) / (LongestSeconds(interval) * count);
        while (Boundary(anchor, interval, count, index + 1) <= instant)
        {
            index++;
        }

        return new BillingPeriod(Boundary(anchor, interval, count, index), Boundary(anchor, interval, count, index + 1));
    }

    public static BillingPeriod Holding(long instant, long anchor, JsonObject price) =>
        Holding(instant, anchor, price.Object("recurring").Text("interval"), price.Object("recurring").Number("interval_count"));

    public static bool SameInterval(JsonObject price, JsonObject other) => JsonNode.DeepEquals(price.Object("recurring"), other.Object("recurring"));

    /// <summary>The boundary a number of intervals after the anchor.</summary>
    public static long Boundary(long anchor, string interval, long count, long index)
    {
        var start = DateTimeOffset.FromUnixTimeSeconds(anchor);
        var units = checked((int)(count * index));
        var boundary = interval switch
        {
            "day" => start.AddDays(units),
            "week" => start.AddDays(7 * units),
            "month" => start.AddMonths(units),
            "year" => start.AddYears(units),
            _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "Not an interval."),
        };
        return boundary.ToUnixTimeSeconds();
    }

    private static long LongestSeconds(string interval) => 86400 * interval switch
    {
        "day" => 1,
        "week" => 7,
        "month" => 31,
        _ => 366,
    };
}
