using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>What the portal's pages say about prices and states: plain text, not yet HTML, unless it says so.</summary>
internal static class PortalText
{
    /// <summary>As <c>Pro, $20.00 per month</c> or <c>Pro × 3, $60.00 per month</c>.</summary>
    public static string Plan(Transaction tx, JsonObject price, long quantity) =>
        $"{PriceText.ProductName(tx, price)}{(quantity == 1 ? "" : $" × {quantity}")}, {Amount(price, quantity)}";

    /// <summary>As <c>$20.00 per month</c>.</summary>
    public static string Amount(JsonObject price, long quantity) =>
        $"{Money.Display(price.Number("unit_amount") * quantity, price.Text("currency"))} {PriceText.PerInterval(price)}";

    /// <summary>A status in words: <c>past_due</c> is "Past due".</summary>
    public static string Status(string status) => char.ToUpperInvariant(status[0]) + status[1..].Replace('_', ' ');

    /// <summary>The status as HTML, in a colour that goes with it.</summary>
    public static string Badge(string status) => $"""<span class="status{status switch
    {
        "active" or "paid" or "trialing" => " good",
        "past_due" or "unpaid" or "open" or "uncollectible" => " danger",
        _ => "",
    }}">{E(Status(status))}</span>""";

    public static long PeriodEnd(JsonObject subscription) => subscription.Elements("items").Max(item => item.Number("current_period_end"));
}
