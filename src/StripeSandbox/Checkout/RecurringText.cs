using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>What a session's subscription costs each period, in words: <c>$29.00 per month</c>.</summary>
internal static class RecurringText
{
    /// <summary>Null: nothing recurs.</summary>
    public static string? Of(Transaction tx, JsonObject session)
    {
        var parts = session.Elements("_line_items").Select(item => (Price: tx.Get("price", item.Text("price")), Quantity: item.Number("quantity")))
            .Where(item => item.Price["recurring"] is not null).GroupBy(item => PriceText.PerInterval(item.Price))
            .Select(group => $"{Money.Display(group.Sum(item => item.Price.Number("unit_amount") * item.Quantity), session.Text("currency"))} {group.Key}").ToArray();
        return parts.Length == 0 ? null : string.Join(" and ", parts);
    }
}
