using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Subscriptions. Their billing periods stand on the items.</summary>
internal static class Subscriptions
{
    public const string Type = "subscription";

    public static void Map(Operations operations) => operations
        .Get("/v1/subscriptions", List)
        .Get("/v1/subscriptions/{id}", call => call.Subject(Type, "id"))
        .Post("/v1/subscriptions/{id}", SubscriptionUpdate.Run)
        .Delete("/v1/subscriptions/{id}", SubscriptionUpdate.Cancel);

    public static JsonObject New(Transaction tx, SubscriptionOrder order)
    {
        var id = Ids.New("sub_1", 23);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = Type,
            ["automatic_tax"] = new JsonObject { ["disabled_reason"] = null, ["enabled"] = false, ["liability"] = null },
            ["billing_cycle_anchor"] = order.TrialEnd ?? tx.Now,
            ["billing_mode"] = new JsonObject
            {
                ["flexible"] = order.BillingMode == "flexible" ? new JsonObject { ["proration_discounts"] = "included" } : null,
                ["type"] = order.BillingMode,
            },
            ["billing_schedules"] = new JsonArray(),
            ["cancel_at_period_end"] = false,
            ["cancellation_details"] = new JsonObject { ["comment"] = null, ["feedback"] = null, ["reason"] = null },
            ["collection_method"] = "charge_automatically",
            ["created"] = tx.Now,
            ["currency"] = order.Currency,
            ["customer"] = order.CustomerId,
            ["default_payment_method"] = order.Method.Id(),
            ["default_tax_rates"] = new JsonArray(),
            ["description"] = order.Description,
            ["discounts"] = new JsonArray(),
            ["invoice_settings"] = new JsonObject { ["issuer"] = new JsonObject { ["type"] = "self" } }
                .WithNulls("account_tax_ids", "custom_fields", "description", "footer"),
            ["items"] = JsonFields.List($"/v1/subscription_items?subscription={id}", []),
            ["livemode"] = false,
            ["metadata"] = order.Metadata.Clone(),
            ["payment_settings"] = new JsonObject { ["save_default_payment_method"] = "off" }.WithNulls("payment_method_options", "payment_method_types"),
            ["start_date"] = tx.Now,
            ["status"] = order.TrialEnd is null ? "active" : "trialing",
            ["trial_settings"] = new JsonObject { ["end_behavior"] = new JsonObject { ["missing_payment_method"] = order.TrialEndBehavior } },
            ["trial_end"] = order.TrialEnd,
            ["trial_start"] = order.TrialEnd is null ? null : tx.Now,
        }.WithNulls("application", "application_fee_percent", "billing_cycle_anchor_config", "billing_thresholds", "cancel_at", "canceled_at",
            "customer_account", "days_until_due", "default_source", "ended_at", "latest_invoice", "managed_payments",
            "next_pending_invoice_item_invoice", "on_behalf_of", "pause_collection", "pending_invoice_item_interval", "pending_setup_intent",
            "pending_update", "schedule", "test_clock", "transfer_data");
    }

    /// <summary>An item whose current period holds now, counted from the subscription's anchor, or is what is left of its trial.</summary>
    public static JsonObject NewItem(Transaction tx, JsonObject subscription, JsonObject price, long quantity)
    {
        var period = Trial.IsRunning(subscription) ? new BillingPeriod(tx.Now, subscription.Number("trial_end"))
            : BillingPeriod.Holding(tx.Now, subscription.Number("billing_cycle_anchor"), price);
        return new JsonObject
        {
            ["id"] = Ids.New("si_", 14),
            ["object"] = "subscription_item",
            ["billing_thresholds"] = null,
            ["created"] = tx.Now,
            ["current_period_end"] = period.End,
            ["current_period_start"] = period.Start,
            ["discounts"] = new JsonArray(),
            ["metadata"] = new JsonObject(),
            ["plan"] = null,
            ["price"] = price.Id(),
            ["quantity"] = quantity,
            ["subscription"] = subscription.Id(),
            ["tax_rates"] = new JsonArray(),
        };
    }

    /// <summary>The list that <c>expand[]=subscriptions</c> adds to a customer.</summary>
    public static JsonObject OfCustomer(Transaction tx, JsonObject customer) => JsonFields.List($"/v1/customers/{customer.Id()}/subscriptions",
        tx.NewestFirst(Type).Where("customer", customer.Id()).Where(subscription => !Cancellation.IsEnded(subscription)).Select(subscription => subscription.Clone()));

    private static JsonObject List(Call call)
    {
        var p = call.Params;
        p.RefuseNotEmulated("automatic_tax", "customer_account", "plan", "test_clock");
        var status = p.OneOf("status", "active", "all", "canceled", "ended", "incomplete", "incomplete_expired", "past_due", "paused", "trialing", "unpaid");
        var price = p.Text("price");
        return call.Page(call.Tx.NewestFirst(Type).Where(subscription => HasStatus(subscription, status))
            .Where("customer", p.Text("customer")).Where("collection_method", p.OneOf("collection_method", "charge_automatically", "send_invoice"))
            .Where(subscription => price is null || subscription.Elements("items").Any(item => item.Text("price") == price))
            .WhereTime(p, "current_period_end", subscription => subscription.Elements("items").Max(item => item.Number("current_period_end")))
            .WhereTime(p, "current_period_start", subscription => subscription.Elements("items").Max(item => item.Number("current_period_start")))
            .WhereCreated(p));
    }

    // Without the parameter, canceled subscriptions are left out.
    private static bool HasStatus(JsonObject subscription, string? wanted) => wanted switch
    {
        null => subscription.Text("status") != "canceled",
        "all" => true,
        "ended" => Cancellation.IsEnded(subscription),
        _ => subscription.Text("status") == wanted,
    };
}
