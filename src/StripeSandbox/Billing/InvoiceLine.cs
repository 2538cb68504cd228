using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>The lines of invoices, each in the shape that invoices show.</summary>
internal static class InvoiceLine
{
    /// <summary>A subscription item for its current period; a period of trial is free.</summary>
    public static JsonObject OfItem(Transaction tx, JsonObject subscription, JsonObject item)
    {
        var price = tx.Get("price", item.Text("price"));
        var (isTrial, quantity) = (Trial.IsRunning(subscription), item.Number("quantity"));
        var amount = isTrial ? 0 : price.Number("unit_amount") * quantity;
        var period = new BillingPeriod(item.Number("current_period_start"), item.Number("current_period_end"));
        var description = isTrial ? $"Trial period for {PriceText.ProductName(tx, price)}" : $"{quantity} × {PriceText.ProductAndPrice(tx, price)}";
        var line = New(price, amount, quantity, period, description, subscription, new JsonObject
        {
            ["invoice_item_details"] = null,
            ["subscription_item_details"] = ItemDetails(subscription.Id(), item.Id(), invoiceItem: null),
            ["type"] = "subscription_item_details",
        });
        if (isTrial)
        {
            line.Object("pricing")["unit_amount_decimal"] = "0";
        }

        return line;
    }

    /// <summary>A one-time price, bought along with a subscription.</summary>
    public static JsonObject OfOneTime(Transaction tx, JsonObject subscription, JsonObject price, long quantity) =>
        New(price, price.Number("unit_amount") * quantity, quantity, new BillingPeriod(tx.Now, tx.Now), PriceText.ProductName(tx, price), subscription, new JsonObject
        {
            ["invoice_item_details"] = new JsonObject
            {
                ["invoice_item"] = Ids.New("ii_1", 23),
                ["proration"] = false,
                ["proration_details"] = new JsonObject { ["credited_items"] = null },
                ["subscription"] = subscription.Id(),
            },
            ["subscription_item_details"] = null,
            ["type"] = "invoice_item_details",
        });

    /// <summary>A proration that waited as an invoice item.</summary>
    public static JsonObject OfProration(Transaction tx, JsonObject subscription, JsonObject invoiceItem)
    {
        var period = invoiceItem.Object("period");
        return New(tx.Get("price", invoiceItem.Text("_price")), invoiceItem.Number("amount"), invoiceItem.Number("quantity"),
            new BillingPeriod(period.Number("start"), period.Number("end")), invoiceItem.TextOrNull("description"), subscription, new JsonObject
            {
                ["invoice_item_details"] = null,
                ["subscription_item_details"] = ItemDetails(subscription.Id(), invoiceItem.Text("_subscription_item"), invoiceItem.Id()),
                ["type"] = "subscription_item_details",
            });
    }

    public static JsonObject Pricing(JsonObject price) => new()
    {
        ["price_details"] = new JsonObject { ["price"] = price.Id(), ["product"] = price.Text("product") },
        ["type"] = "price_details",
        ["unit_amount_decimal"] = price.Text("unit_amount_decimal"),
    };

    private static JsonObject ItemDetails(string subscriptionId, string itemId, string? invoiceItem) => new()
    {
        ["invoice_item"] = invoiceItem,
        ["proration"] = invoiceItem is not null,
        ["proration_details"] = new JsonObject { ["credited_items"] = null },
        ["subscription"] = subscriptionId,
        ["subscription_item"] = itemId,
    };

    private static JsonObject New(JsonObject price, long amount, long quantity, BillingPeriod period, string? description, JsonObject subscription, JsonObject parent) => new JsonObject
    {
        ["id"] = Ids.New("il_1", 23),
        ["object"] = "line_item",
        ["amount"] = amount,
        ["currency"] = price.Text("currency"),
        ["description"] = description,
        ["discount_amounts"] = new JsonArray(),
        ["discountable"] = parent["subscription_item_details"]?["proration"]?.GetValue<bool>() != true,
        ["discounts"] = new JsonArray(),
        ["livemode"] = false,
        ["metadata"] = subscription.Object("metadata").Clone(),
        ["parent"] = parent,
        ["period"] = new JsonObject { ["end"] = period.End, ["start"] = period.Start },
        ["pretax_credit_amounts"] = new JsonArray(),
        ["pricing"] = Pricing(price),
        ["quantity"] = quantity,
        ["quantity_decimal"] = quantity.ToString(CultureInfo.InvariantCulture),
        ["subscription"] = subscription.Id(),
        ["subtotal"] = amount,
        ["taxes"] = new JsonArray(),
    }.WithNulls("invoice");
}
