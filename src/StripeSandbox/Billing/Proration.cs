using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>
/// Prorations, by the second: credit for the unused rest of a period and the charge for what takes its place. They
/// are invoice items that wait until an invoice takes them.
/// </summary>
internal static class Proration
{
    public const string Type = "invoiceitem";

    /// <summary>The part of an amount that falls on the rest of the period, rounded half away from zero.</summary>
    public static long Share(long amount, BillingPeriod period, long at)
    {
        if (at < period.Start || at > period.End)
        {
            throw new ArgumentOutOfRangeException(nameof(at), "The instant lies outside the period.");
        }

        return (long)Math.Round((decimal)amount * (period.End - at) / period.Seconds, MidpointRounding.AwayFromZero);
    }

    public static void CreditUnused(Transaction tx, JsonObject subscription, JsonObject item, long at) =>
        Add(tx, subscription, item, at, -1, "Unused time on", Discounts.TakenOff(tx, subscription, item));

    public static void ChargeRemaining(Transaction tx, JsonObject subscription, JsonObject item, long at) => Add(tx, subscription, item, at, 1, "Remaining time on");

    /// <summary>The subscription's prorations that no invoice has taken yet, oldest first.</summary>
    public static IEnumerable<JsonObject> Waiting(Transaction tx, JsonObject subscription) => tx.NewestFirst(Type).Reverse()
        .Where(item => item["invoice"] is null && item["parent"]?["subscription_details"]?["subscription"]?.GetValue<string>() == subscription.Id());

    private static void Add(Transaction tx, JsonObject subscription, JsonObject item, long at, int sign, string wording, long unpaid = 0)
    {
        var price = tx.Get("price", item.Text("price"));
        var quantity = item.Number("quantity");
        var period = new BillingPeriod(item.Number("current_period_start"), item.Number("current_period_end"));
        var amount = sign * Share(price.Number("unit_amount") * quantity - unpaid, period, at);
        var day = DateTimeOffset.FromUnixTimeSeconds(at).ToString("dd MMM yyyy", CultureInfo.InvariantCulture);
        var name = PriceText.ProductName(tx, price);
        tx.Emit("invoiceitem.created", tx.Add(new JsonObject
        {
            ["id"] = Ids.New("ii_1", 23),
            ["object"] = Type,
            ["amount"] = amount,
            ["currency"] = price.Text("currency"),
            ["customer"] = subscription.Text("customer"),
            ["date"] = tx.Now,
            ["description"] = $"{wording} {(quantity > 1 ? $"{quantity} × " : "")}{name} after {day}",
            ["discountable"] = false,
            ["discounts"] = new JsonArray(),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["net_amount"] = amount,
            ["parent"] = new JsonObject
            {
                ["subscription_details"] = new JsonObject { ["subscription"] = subscription.Id(), ["subscription_item"] = item.Id() },
                ["type"] = "subscription_details",
            },
            ["period"] = new JsonObject { ["end"] = period.End, ["start"] = at },
            ["pricing"] = InvoiceLine.Pricing(price),
            ["proration"] = true,
            ["quantity"] = quantity,
            ["quantity_decimal"] = quantity.ToString(CultureInfo.InvariantCulture),
            ["tax_rates"] = new JsonArray(),
            ["_price"] = price.Id(),
            ["_subscription_item"] = item.Id(),
        }.WithNulls("customer_account", "invoice", "test_clock")));
    }
}
