using System.Text.Json.Nodes;
using StripeSandbox.Checkout;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Protocol;

/// <summary>
/// From an object as stored to the object as a client sees it. Stored objects hold ids where Stripe always embeds the
/// current object (an item's price), and keys with a leading underscore are the sandbox's own and never leave it.
/// </summary>
internal sealed class Rendering(Func<string> publicUrl)
{
    public string PublicUrl => publicUrl();

    public JsonObject Render(JsonObject stored, Func<string, JsonObject?> find)
    {
        var view = stored.Clone();
        Strip(view);
        switch (view.TextOrNull("object"))
        {
            case "checkout.session" when view.TextOrNull("status") == "open":
                view["url"] = $"{publicUrl()}/c/pay/{view.Id()}";
                break;
            case "payment_intent" when view.TextOrNull("status") == "requires_action":
                var confirm = AuthenticationEndpoints.Path(stored.Text("_session"));
                view["next_action"] = new JsonObject
                {
                    ["type"] = "redirect_to_url",
                    ["redirect_to_url"] = new JsonObject { ["return_url"] = null, ["url"] = publicUrl() + confirm },
                };
                break;
            case "billing_portal.session":
                view["url"] = $"{publicUrl()}/p/session/{stored.Text("_secret")}";
                break;
            case "billing_portal.configuration":
                PortalFeatures.UpdateOf(view).Remove("products"); // only there when expanded
                break;
            case "subscription":
                foreach (var item in view.Elements("items"))
                {
                    EmbedPrice(item, find);
                }

                break;
            case "subscription_item" or "item":
                EmbedPrice(view, find);
                break;
        }
        return view;
    }

    private void EmbedPrice(JsonObject item, Func<string, JsonObject?> find)
    {
        if (item.TextOrNull("price") is not { } id)
        {
            return;
        }

        var price = Render(find(id)!, find);
        if (item.Type() == "subscription_item")
        {
            item["plan"] = LegacyPlan(price);
        }

        item["price"] = price;
    }

    // Prices grew out of plans; subscription items still show both.
    private static JsonObject LegacyPlan(JsonObject price)
    {
        var recurring = price.Object("recurring");
        return new JsonObject
        {
            ["id"] = price.Id(),
            ["object"] = "plan",
            ["active"] = price.Flag("active"),
            ["amount"] = price["unit_amount"]?.DeepClone(),
            ["amount_decimal"] = price["unit_amount_decimal"]?.DeepClone(),
            ["billing_scheme"] = "per_unit",
            ["created"] = price.Number("created"),
            ["currency"] = price.Text("currency"),
            ["interval"] = recurring.Text("interval"),
            ["interval_count"] = recurring.Number("interval_count"),
            ["livemode"] = false,
            ["metadata"] = price["metadata"]?.DeepClone(),
            ["nickname"] = price["nickname"]?.DeepClone(),
            ["product"] = price["product"]?.DeepClone(),
            ["usage_type"] = "licensed",
        }.WithNulls("meter", "tiers_mode", "transform_usage", "trial_period_days");
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var element in array)
            {
                Strip(element);
            }
        }

        if (node is not JsonObject json)
        {
            return;
        }

        foreach (var (key, value) in json.ToArray())
        {
            if (key.StartsWith('_'))
            {
                json.Remove(key);
            }
            else if (key != "metadata")
            {
                Strip(value);
            }
        }
    }
}
