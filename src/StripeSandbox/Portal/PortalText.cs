using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>What the portal's pages say about prices, cards and dates: plain text, not yet HTML.</summary>
internal static class PortalText
{
    /// <summary>As <c>21 November 2026</c>, UTC.</summary>
    public static string Date(long unix) => DateTimeOffset.FromUnixTimeSeconds(unix).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>As <c>Pro, $20.00 per month</c> or <c>Pro × 3, $60.00 per month</c>.</summary>
    public static string Plan(Transaction tx, JsonObject price, long quantity) =>
        $"{PriceText.ProductName(tx, price)}{(quantity == 1 ? "" : $" × {quantity}")}, {Amount(price, quantity)}";

    /// <summary>As <c>$20.00 per month</c>.</summary>
    public static string Amount(JsonObject price, long quantity) =>
        $"{Money.Display(price.Number("unit_amount") * quantity, price.Text("currency"))} {PriceText.PerInterval(price)}";

    /// <summary>A status in words: <c>past_due</c> is "Past due".</summary>
    public static string Status(string status) => char.ToUpperInvariant(status[0]) + status[1..].Replace('_', ' ');

    public static long PeriodEnd(JsonObject subscription) => subscription.Elements("items").Max(item => item.Number("current_period_end"));
}
