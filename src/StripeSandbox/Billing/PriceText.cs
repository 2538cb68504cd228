using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>Prices in words, as invoices and pages show them.</summary>
internal static class PriceText
{
    public static string ProductName(Transaction tx, JsonObject price) => tx.Find("product", price.Text("product"))?.Text("name") ?? "Deleted product";

    /// <summary>As on an invoice: <c>Pro (at $20.00 / month)</c>.</summary>
    public static string ProductAndPrice(Transaction tx, JsonObject price) =>
        $"{ProductName(tx, price)} (at {Money.Display(price.Number("unit_amount"), price.Text("currency"))} / {IntervalName(price)})";

    /// <summary>As on a page: <c>per month</c>, <c>every 3 months</c>; null for a one-time price.</summary>
    public static string? PerInterval(JsonObject price)
    {
        if (price["recurring"] is not JsonObject recurring)
        {
            return null;
        }

        var (interval, count) = (recurring.Text("interval"), recurring.Number("interval_count"));
        return count == 1 ? $"per {interval}" : $"every {count} {interval}s";
    }

    /// <summary>As <c>Billed monthly</c>, <c>Billed every 3 months</c>; null for a one-time price.</summary>
    public static string? Billed(JsonObject price) => PerInterval(price) switch
    {
        null => null,
        "per day" => "Billed daily",
        "per week" => "Billed weekly",
        "per month" => "Billed monthly",
        "per year" => "Billed annually",
        var every => $"Billed {every}",
    };

    private static string IntervalName(JsonObject price)
    {
        var (interval, count) = (price.Object("recurring").Text("interval"), price.Object("recurring").Number("interval_count"));
        return count == 1 ? interval : $"{count} {interval}s";
    }
}
