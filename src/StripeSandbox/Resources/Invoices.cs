using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Invoices, made by subscriptions.</summary>
internal static class Invoices
{
    public const string Type = "invoice";

    public static void Map(Operations operations) => operations
        .Get("/v1/invoices", List)
        .Get("/v1/invoices/{invoice}", call => call.Subject(Type, "invoice"))
        .Post("/v1/invoices/{invoice}/pay", InvoicePay.Run)
        .Get("/v1/invoices/{invoice}/lines", call => call.Page(call.Subject(Type, "invoice").Elements("lines")));

    /// <summary>A draft over the lines. <c>period_start</c> and <c>period_end</c> are the window of usage; what is paid for stands on the lines.</summary>
    public static JsonObject New(Transaction tx, JsonObject customer, JsonObject subscription, string reason, IReadOnlyList<JsonObject> lines)
    {
        var id = Ids.New("in_1", 23);
        foreach (var line in lines)
        {
            line["invoice"] = id;
        }

        var total = lines.Sum(line => line.Number("amount"));
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = Type,
            ["account_country"] = "US",
            ["account_name"] = "Sandbox",
            ["amount_due"] = Math.Max(0, total),
            ["amount_overpaid"] = 0L,
            ["amount_paid"] = 0L,
            ["amount_remaining"] = Math.Max(0, total),
            ["amount_shipping"] = 0L,
            ["attempt_count"] = 0L,
            ["attempted"] = false,
            ["auto_advance"] = true,
            ["automatic_tax"] = new JsonObject { ["enabled"] = false }.WithNulls("disabled_reason", "liability", "provider", "status"),
            ["billing_reason"] = reason,
            ["collection_method"] = "charge_automatically",
            ["created"] = tx.Now,
            ["currency"] = subscription.Text("currency"),
            ["customer"] = customer.Id(),
            ["customer_address"] = customer["address"]?.DeepClone(),
            ["customer_email"] = customer["email"]?.DeepClone(),
            ["customer_name"] = customer["name"]?.DeepClone(),
            ["customer_phone"] = customer["phone"]?.DeepClone(),
            ["customer_shipping"] = customer["shipping"]?.DeepClone(),
            ["customer_tax_exempt"] = customer["tax_exempt"]?.DeepClone(),
            ["customer_tax_ids"] = new JsonArray(),
            ["default_tax_rates"] = new JsonArray(),
            ["discounts"] = new JsonArray(),
            ["issuer"] = new JsonObject { ["type"] = "self" },
            ["lines"] = JsonFields.List($"/v1/invoices/{id}/lines", lines),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["parent"] = new JsonObject
            {
                ["quote_details"] = null,
                ["subscription_details"] = new JsonObject { ["metadata"] = subscription.Object("metadata").Clone(), ["subscription"] = subscription.Id() },
                ["type"] = "subscription_details",
            },
            ["payment_settings"] = new JsonObject().WithNulls("default_mandate", "payment_method_options", "payment_method_types"),
            ["period_end"] = tx.Now,
            ["period_start"] = tx.Now,
            ["post_payment_credit_notes_amount"] = 0L,
            ["pre_payment_credit_notes_amount"] = 0L,
            ["starting_balance"] = customer.Number("balance"),
            ["status"] = "draft",
            ["status_transitions"] = new JsonObject().WithNulls("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at"),
            ["subtotal"] = total,
            ["subtotal_excluding_tax"] = total,
            ["total"] = total,
            ["total_discount_amounts"] = new JsonArray(),
            ["total_excluding_tax"] = total,
            ["total_pretax_credit_amounts"] = new JsonArray(),
            ["total_taxes"] = new JsonArray(),
            ["webhooks_delivered_at"] = tx.Now,
        }.WithNulls("account_tax_ids", "application", "automatically_finalizes_at", "custom_fields", "customer_account", "default_payment_method",
            "default_source", "description", "due_date", "effective_at", "ending_balance", "footer", "from_invoice", "hosted_invoice_url", "invoice_pdf",
            "last_finalization_error", "latest_revision", "next_payment_attempt", "number", "on_behalf_of", "receipt_number", "rendering",
            "shipping_cost", "shipping_details", "statement_descriptor", "test_clock");
    }

    /// <summary>The subscription's invoices, newest first.</summary>
    public static IEnumerable<JsonObject> Of(Transaction tx, JsonObject subscription) =>
        tx.NewestFirst(Type).Where(invoice => SubscriptionOf(invoice) == subscription.Id());

    public static string? SubscriptionOf(JsonObject invoice) => invoice["parent"]?["subscription_details"]?["subscription"]?.GetValue<string>();

    private static JsonObject List(Call call)
    {
        var p = call.Params;
        p.RefuseNotEmulated("customer_account");
        var subscription = p.Text("subscription");
        return call.Page(call.Tx.NewestFirst(Type).Where("customer", p.Text("customer"))
            .Where("status", p.OneOf("status", "draft", "open", "paid", "uncollectible", "void"))
            .Where("collection_method", p.OneOf("collection_method", "charge_automatically", "send_invoice"))
            .Where(invoice => subscription is null || SubscriptionOf(invoice) == subscription)
            .WhereTime(p, "due_date", invoice => invoice.NumberOrNull("due_date")).WhereCreated(p));
    }
}
