using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Checkout;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Payment intents, made by Checkout and by invoices.</summary>
internal static class PaymentIntents
{
    public const string Type = "payment_intent";

    public static void Map(Operations operations) => operations
        .Get("/v1/payment_intents", List)
        .Get("/v1/payment_intents/{intent}", call => call.Subject(Type, "intent"));

    public static JsonObject New(Transaction tx, PaymentOrder order)
    {
        var id = Ids.New("pi_3");
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = Type,
            ["amount"] = order.Amount,
            ["amount_capturable"] = 0L,
            ["amount_received"] = 0L,
            ["capture_method"] = "automatic",
            ["client_secret"] = Ids.New(id + "_secret_", 25),
            ["confirmation_method"] = "automatic",
            ["created"] = tx.Now,
            ["currency"] = order.Currency,
            ["customer"] = order.CustomerId,
            ["description"] = order.Description,
            ["livemode"] = false,
            ["metadata"] = order.Metadata.Clone(),
            ["payment_method_types"] = MethodTypes.ToJson(order.MethodTypes ?? MethodTypes.For(order.Currency)),
            ["receipt_email"] = order.ReceiptEmail,
            ["setup_future_usage"] = order.SetupFutureUsage,
            ["status"] = "requires_payment_method",
        }.WithNulls("application", "application_fee_amount", "automatic_payment_methods", "canceled_at", "cancellation_reason",
            "customer_account", "excluded_payment_method_types", "last_payment_error", "latest_charge", "managed_payments", "next_action",
            "on_behalf_of", "payment_method", "payment_method_configuration_details", "payment_method_options", "processing", "review",
            "shipping", "source", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group");
    }

    private static JsonObject List(Call call)
    {
        call.Params.RefuseNotEmulated("customer_account");
        return call.Page(call.Tx.NewestFirst(Type).Where("customer", call.Params.Text("customer")).WhereCreated(call.Params));
    }
}
