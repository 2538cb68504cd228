using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>
/// A portal session that leads straight to one task. The task's feature must be enabled, the subscription must be
/// the customer's and live, and a price to change to must be among the configuration's products.
/// </summary>
internal static class PortalFlow
{
    public static JsonObject Read(Call call, Params p, JsonObject customer, JsonObject configuration)
    {
        var type = p.OneOf("type", "payment_method_update", "subscription_cancel", "subscription_update", "subscription_update_confirm") ?? throw p.Missing("type");
        var feature = type == "subscription_update_confirm" ? "subscription_update" : type;
        var features = configuration.Object("features");
        if (!features.Object(feature).Flag("enabled"))
        {
            throw StripeError.Refused($"The feature `{feature}` of the portal configuration {configuration.Id()} is disabled.", null, p.PathOf("type"));
        }

        var flow = new JsonObject { ["after_completion"] = ReadCompletion(p), ["type"] = type }
            .WithNulls("subscription_cancel", "subscription_update", "subscription_update_confirm");
        if (type == "payment_method_update")
        {
            return flow;
        }

        var group = p.Object(type) ?? throw p.Missing(type);
        var subscription = call.Named(group, Subscriptions.Type, "subscription") ?? throw group.Missing("subscription");
        if (subscription.Text("customer") != customer.Id() || Cancellation.IsEnded(subscription))
        {
            throw StripeError.Refused($"The subscription {subscription.Id()} is not a live subscription of the customer.", null, group.PathOf("subscription"));
        }

        flow[type] = new JsonObject { ["subscription"] = subscription.Id() };
        if (type == "subscription_cancel")
        {
            group.RefuseNotEmulated("retention");
            flow[type]!["retention"] = null;
        }
        if (type == "subscription_update_confirm")
        {
            ReadConfirmation(call, group, subscription, features, flow[type]!.AsObject());
        }

        return flow;
    }

    private static void ReadConfirmation(Call call, Params group, JsonObject subscription, JsonObject features, JsonObject target)
    {
        group.RefuseNotEmulated("discounts");
        if (group.Objects("items") is not [var item])
        {
            throw StripeError.BadParameter("Exactly one item must be given.", group.PathOf("items"));
        }

        var id = item.Required("id");
        if (subscription.Elements("items").All(existing => existing.Id() != id))
        {
            throw StripeError.NoSuch("subscription_item", id, item.PathOf("id"));
        }

        var price = call.Named(item, Prices.Type, "price");
        var offered = features.Object("subscription_update").Elements("products").SelectMany(product => product["prices"]!.AsArray()).Select(offer => offer!.GetValue<string>());
        if (price is not null && !offered.Contains(price.Id()))
        {
            throw StripeError.Refused($"The price {price.Id()} is not among the products of the portal configuration's `subscription_update` feature.", null, item.PathOf("price"));
        }

        var update = new JsonObject { ["id"] = id, ["price"] = price?.Id() };
        if (item.Integer("quantity", 1) is { } quantity)
        {
            update["quantity"] = quantity;
        }

        target["discounts"] = null;
        target["items"] = new JsonArray(update);
    }

    private static JsonObject ReadCompletion(Params p)
    {
        var completion = p.Object("after_completion");
        var type = completion?.OneOf("type", "hosted_confirmation", "portal_homepage", "redirect") ?? "portal_homepage";
        var redirect = completion?.Object("redirect");
        if (type == "redirect" && redirect is null)
        {
            throw completion!.Missing("redirect");
        }

        return new JsonObject
        {
            ["hosted_confirmation"] = completion?.Object("hosted_confirmation") is { } hosted ? new JsonObject { ["custom_message"] = hosted.Text("custom_message", 500) } : null,
            ["redirect"] = redirect is null ? null : new JsonObject { ["return_url"] = redirect.Url("return_url") ?? throw redirect.Missing("return_url") },
            ["type"] = type,
        };
    }
}
