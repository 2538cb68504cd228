using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>The line items of a session: a stored price, or one made on the spot from <c>price_data</c>.</summary>
internal static class LineItems
{
    private const int MaxOfAKind = 20;
    private const int MaxInPaymentMode = 100;

    public static IReadOnlyList<JsonObject> Read(Call call, bool isSubscription)
    {
        var groups = call.Params.Objects("line_items");
        if (groups.Count == 0)
        {
            throw call.Params.Missing("line_items");
        }

        var items = groups.Select(group => Read(call, group)).ToArray();
        var prices = items.Select(item => call.Tx.Get(Prices.Type, item.Text("price"))).ToArray();

        var currency = call.Params.NonEmpty("currency") ?? prices[0].Text("currency");
        if (prices.Any(price => price.Text("currency") != currency))
        {
            throw StripeError.BadParameter("All prices on a Checkout Session must use the same currency.", "line_items");
        }

        var recurring = prices.Count(price => price["recurring"] is not null);
        if (isSubscription && recurring == 0)
        {
            throw StripeError.BadParameter("You must provide at least one recurring price in `subscription` mode when using prices.", "line_items");
        }

        if (!isSubscription && recurring > 0)
        {
            throw StripeError.BadParameter("You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.", "line_items");
        }

        if (isSubscription ? recurring > MaxOfAKind || prices.Length - recurring > MaxOfAKind : prices.Length > MaxInPaymentMode)
        {
            throw StripeError.BadParameter("The Checkout Session has too many line items.", "line_items");
        }

        return items;
    }

    /// <summary>With a trial nothing of the recurring prices is due on the day of the purchase.</summary>
    public static void MakeRecurringFree(Transaction tx, IEnumerable<JsonObject> items)
    {
        foreach (var item in items.Where(item => tx.Get(Prices.Type, item.Text("price"))["recurring"] is not null))
        {
            item["amount_subtotal"] = 0L;
            item["amount_total"] = 0L;
        }
    }

    private static JsonObject Read(Call call, Params p)
    {
        p.Exclusive("price", "price_data");
        p.RefuseNotEmulated("tax_rates");
        if (p.Object("adjustable_quantity")?.Flag("enabled") == true)
        {
            throw StripeError.NotEmulated(p.PathOf("adjustable_quantity"));
        }

        p.Object("adjustable_quantity")?.Accept("minimum", "maximum");
        var price = p.Object("price_data") is { } data ? MakePrice(call, data) : call.Named(p, Prices.Type, "price") ?? throw p.Missing("price");
        if (!price.Flag("active") && !p.Has("price_data"))
        {
            throw StripeError.Refused("The price specified is inactive. This field only accepts active prices.", null, p.PathOf("price"));
        }

        var quantity = p.Integer("quantity", 1, 999_999) ?? throw p.Missing("quantity");
        var amount = checked(price.Number("unit_amount") * quantity);
        return new JsonObject
        {
            ["id"] = Ids.New("li_1", 23),
            ["object"] = "item",
            ["adjustable_quantity"] = null,
            ["amount_discount"] = 0L,
            ["amount_subtotal"] = amount,
            ["amount_tax"] = 0L,
            ["amount_total"] = amount,
            ["currency"] = price.Text("currency"),
            ["description"] = PriceText.ProductName(call.Tx, price),
            ["metadata"] = p.NewMetadata(),
            ["price"] = price.Id(),
            ["quantity"] = quantity,
        };
    }

    // Products and prices made on the spot are inactive: nobody sells them again.
    private static JsonObject MakePrice(Call call, Params p)
    {
        p.Exclusive("product", "product_data");
        var product = call.Named(p, Products.Type, "product")
            ?? (p.Object("product_data") is { } data ? Products.Add(call, data, active: false) : throw p.Missing("product"));
        return Prices.Add(call, p, product.Id(), active: false);
    }
}
