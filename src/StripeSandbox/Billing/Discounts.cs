using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>
/// A coupon at work on a subscription: off its first invoice that is not zero, then it is gone. A trial's invoice of zero does not use it up.
/// </summary>
internal static class Discounts
{
    public const string Type = "discount";

    /// <summary>For a subscription that is being made. The coupon is kept as it is now: deleting it takes nothing back.</summary>
    public static void Add(Transaction tx, JsonObject subscription, JsonObject coupon, string? promotionCode)
    {
        var discount = tx.Add(new JsonObject
        {
            ["id"] = Ids.New("di_1", 23),
            ["object"] = Type,
            ["customer"] = subscription.Text("customer"),
            ["promotion_code"] = promotionCode,
            ["source"] = new JsonObject { ["coupon"] = coupon.Id(), ["type"] = "coupon" },
            ["start"] = tx.Now,
            ["subscription"] = subscription.Id(),
            ["_coupon"] = coupon.Clone(),
        }.WithNulls("checkout_session", "customer_account", "end", "invoice", "invoice_item", "subscription_item"));
        subscription["discounts"] = new JsonArray(discount.Id());
        tx.Emit("customer.discount.created", discount);
    }

    /// <summary>Takes the subscription's discount off a draft's lines, but those of prorations, and off its total.</summary>
    public static void Apply(Transaction tx, JsonObject subscription, JsonObject draft)
    {
        if (subscription["discounts"]!.AsArray() is not [{ } id] || tx.Find(Type, id.GetValue<string>()) is not { } discount)
        {
            return;
        }

        var lines = draft.Elements("lines").Where(line => line.Flag("discountable")).ToArray();
        var shares = DiscountShares.Of(discount.Object("_coupon"), draft.Text("currency"), [.. lines.Select(line => line.Number("amount"))]);
        var off = shares.Sum();
        if (off == 0)
        {
            return;
        }

        foreach (var (line, share) in lines.Zip(shares))
        {
            line["discount_amounts"] = new JsonArray(Amount(discount, share));
            line["pretax_credit_amounts"] = new JsonArray(Credit(discount, share));
        }

        var total = draft.Number("total") - off;
        (draft["total"], draft["total_excluding_tax"]) = (total, total);
        (draft["amount_due"], draft["amount_remaining"]) = (Math.Max(0, total), Math.Max(0, total));
        draft["discounts"] = new JsonArray(discount.Id());
        draft["total_discount_amounts"] = new JsonArray(Amount(discount, off));
        draft["total_pretax_credit_amounts"] = new JsonArray(Credit(discount, off));
        tx.Edit(subscription)["discounts"] = new JsonArray();
    }

    /// <summary>What was taken off an item's running period: that much was not paid and is not credited. Once it was prorated, nothing.</summary>
    public static long TakenOff(Transaction tx, JsonObject subscription, JsonObject item)
    {
        var start = item.Number("current_period_start");
        var prorated = tx.NewestFirst(Proration.Type).Any(waiting => waiting.TextOrNull("_subscription_item") == item.Id()
            && waiting.Object("period").Number("end") == item.Number("current_period_end"));
        return prorated ? 0 : Invoices.Of(tx, subscription).SelectMany(invoice => invoice.Elements("lines"))
            .Where(line => line.Flag("discountable") && line.Object("period").Number("start") == start
                && line["parent"]?["subscription_item_details"]?["subscription_item"]?.GetValue<string>() == item.Id())
            .SelectMany(line => line.Elements("discount_amounts")).Sum(amount => amount.Number("amount"));
    }

    private static JsonObject Amount(JsonObject discount, long amount) => new() { ["amount"] = amount, ["discount"] = discount.Id() };

    private static JsonObject Credit(JsonObject discount, long amount) => new() { ["amount"] = amount, ["discount"] = discount.Id(), ["type"] = "discount" };
}
