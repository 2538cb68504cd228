using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Reads what an update does to the items. An entry without an item's id adds a second item: Stripe does so, too.</summary>
internal static class SubscriptionItemParams
{
    public static ItemChangeOrder Read(Call call, JsonObject subscription)
    {
        var p = call.Params;
        var anchor = p.OneOf("billing_cycle_anchor", "now", "unchanged");
        var behavior = p.OneOf("proration_behavior", "always_invoice", "create_prorations", "none") ?? "create_prorations";
        var at = p.Time("proration_date") ?? call.Now;
        var changes = p.Objects("items").Select(item => Read(call, subscription, item)).ToArray();
        if (changes.Select(change => change.ItemId).OfType<string>().GroupBy(id => id).Any(group => group.Count() > 1))
        {
            throw StripeError.BadParameter("The same subscription item is given twice.", "items");
        }

        return new ItemChangeOrder(changes, anchor == "now", behavior, at)
        {
            PaymentBehavior = p.OneOf("payment_behavior", "allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete") ?? "allow_incomplete",
        };
    }

    private static ItemChange Read(Call call, JsonObject subscription, Params p)
    {
        p.RefuseNotEmulated("billing_thresholds", "discounts", "plan", "price_data", "tax_rates");
        p.Accept("clear_usage");
        var id = p.NonEmpty("id");
        if (id is not null && subscription.Elements("items").All(item => item.Id() != id))
        {
            throw StripeError.NoSuch("subscription_item", id, p.PathOf("id"));
        }

        var price = call.Named(p, Prices.Type, "price");
        if (id is null && price is null)
        {
            throw p.Missing("price");
        }

        if (price is not null)
        {
            CheckPrice(price, subscription, p);
        }

        return new ItemChange(id, price, p.Integer("quantity", 0, 999_999), p.Flag("deleted") ?? false, item => p.MergeMetadata(item.Object("metadata")));
    }

    private static void CheckPrice(JsonObject price, JsonObject subscription, Params p)
    {
        if (price["recurring"] is null)
        {
            throw StripeError.Refused("The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.", null, p.PathOf("price"));
        }

        if (price.Text("currency") != subscription.Text("currency"))
        {
            throw StripeError.Refused($"The price specified only supports `{price.Text("currency")}`. This doesn't match the expected currency: `{subscription.Text("currency")}`.", null, p.PathOf("price"));
        }

        if (!price.Flag("active") && subscription.Elements("items").All(item => item.Text("price") != price.Id()))
        {
            throw StripeError.Refused("The price specified is inactive. This field only accepts active prices.", null, p.PathOf("price"));
        }
    }
}
