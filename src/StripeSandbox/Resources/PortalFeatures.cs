using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>The features of a portal configuration.</summary>
internal static class PortalFeatures
{
    public static JsonObject AllDisabled() => new()
    {
        ["customer_update"] = new JsonObject { ["allowed_updates"] = new JsonArray(), ["enabled"] = false },
        ["invoice_history"] = new JsonObject { ["enabled"] = false },
        ["payment_method_update"] = new JsonObject { ["enabled"] = false, ["payment_method_configuration"] = null },
        ["subscription_cancel"] = new JsonObject
        {
            ["cancellation_reason"] = new JsonObject { ["enabled"] = false, ["options"] = new JsonArray() },
            ["enabled"] = false,
            ["mode"] = "at_period_end",
            ["proration_behavior"] = "none",
        },
        ["subscription_update"] = new JsonObject
        {
            ["billing_cycle_anchor"] = null,
            ["default_allowed_updates"] = new JsonArray(),
            ["enabled"] = false,
            ["products"] = new JsonArray(),
            ["proration_behavior"] = "none",
            ["schedule_at_period_end"] = new JsonObject { ["conditions"] = new JsonArray() },
            ["trial_update_behavior"] = "end_trial",
        },
    };

    public static void Apply(Call call, Params p, JsonObject features)
    {
        if (Enable(p, features, "customer_update") is var (customer, allowed))
        {
            CopyArray(customer, allowed, "allowed_updates");
        }

        Enable(p, features, "invoice_history");
        if (Enable(p, features, "payment_method_update") is var (payment, _))
        {
            payment.RefuseNotEmulated("payment_method_configuration");
        }

        if (Enable(p, features, "subscription_cancel") is var (cancel, cancelTarget))
        {
            ApplyCancel(cancel, cancelTarget);
        }

        if (Enable(p, features, "subscription_update") is var (update, updateTarget))
        {
            ApplyUpdate(call, update, updateTarget);
        }
    }

    public static JsonObject UpdateOf(JsonObject configuration) => configuration.Object("features").Object("subscription_update");

    public static JsonNode ProductsOf(JsonObject configuration) => UpdateOf(configuration)["products"]!;

    private static (Params, JsonObject)? Enable(Params p, JsonObject features, string name)
    {
        if (p.Object(name) is not { } given)
        {
            return null;
        }

        var target = features.Object(name);
        if (given.Flag("enabled") is { } enabled)
        {
            target["enabled"] = enabled;
        }

        return (given, target);
    }

    private static void ApplyCancel(Params p, JsonObject target)
    {
        Copy(target, "mode", p.OneOf("mode", "at_period_end", "immediately"));
        Copy(target, "proration_behavior", p.OneOf("proration_behavior", "always_invoice", "create_prorations", "none"));
        if (p.Object("cancellation_reason") is not { } reason)
        {
            return;
        }

        if (reason.Flag("enabled") is { } enabled)
        {
            target.Object("cancellation_reason")["enabled"] = enabled;
        }

        CopyArray(reason, target.Object("cancellation_reason"), "options");
    }

    private static void ApplyUpdate(Call call, Params p, JsonObject target)
    {
        Copy(target, "billing_cycle_anchor", p.OneOf("billing_cycle_anchor", "now", "unchanged"));
        Copy(target, "proration_behavior", p.OneOf("proration_behavior", "always_invoice", "create_prorations", "none"));
        Copy(target, "trial_update_behavior", p.OneOf("trial_update_behavior", "continue_trial", "end_trial"));
        CopyArray(p, target, "default_allowed_updates");
        if (p.Has("products"))
        {
            target["products"] = new JsonArray([.. p.Objects("products").Select(product => ReadProduct(call, product))]);
        }

        if (p.Object("schedule_at_period_end") is { } schedule)
        {
            target["schedule_at_period_end"] = new JsonObject
            {
                ["conditions"] = new JsonArray([.. schedule.Objects("conditions").Select(condition => new JsonObject
                {
                    ["type"] = condition.OneOf("type", "decreasing_item_amount", "shortening_interval") ?? throw condition.Missing("type"),
                })]),
            };
        }
    }

    private static JsonObject ReadProduct(Call call, Params p)
    {
        var product = call.Named(p, Products.Type, "product") ?? throw p.Missing("product");
        var prices = p.Texts("prices");
        if (prices.Count == 0)
        {
            throw p.Missing("prices");
        }

        foreach (var price in prices)
        {
            if (call.Tx.Find(Prices.Type, price)?.Text("product") != product.Id())
            {
                throw StripeError.NoSuch(Prices.Type, price, p.PathOf("prices"));
            }
        }

        p.RefuseNotEmulated("adjustable_quantity");
        return new JsonObject
        {
            ["adjustable_quantity"] = new JsonObject { ["enabled"] = false, ["maximum"] = null, ["minimum"] = 1L },
            ["prices"] = new JsonArray([.. prices.Select(price => JsonValue.Create(price))]),
            ["product"] = product.Id(),
        };
    }

    private static void Copy(JsonObject target, string name, string? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static void CopyArray(Params p, JsonObject target, string name)
    {
        if (p.Has(name))
        {
            target[name] = new JsonArray([.. p.Texts(name).Select(text => JsonValue.Create(text))]);
        }
    }
}
