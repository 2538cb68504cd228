using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Charges: what a payment intent took from a card.</summary>
internal static class Charges
{
    public const string Type = "charge";

    public static void Map(Operations operations) => operations
        .Get("/v1/charges", List)
        .Get("/v1/charges/{charge}", call => call.Subject(Type, "charge"));

    public static JsonObject New(Transaction tx, PaymentOrder order, string intentId) => new JsonObject
    {
        ["id"] = Ids.New("ch_3"),
        ["object"] = Type,
        ["amount"] = order.Amount,
        ["amount_captured"] = order.Amount,
        ["amount_refunded"] = 0L,
        ["billing_details"] = order.Method.Object("billing_details").Clone(),
        ["captured"] = true,
        ["created"] = tx.Now,
        ["currency"] = order.Currency,
        ["customer"] = order.CustomerId,
        ["description"] = order.Description,
        ["disputed"] = false,
        ["fraud_details"] = new JsonObject(),
        ["livemode"] = false,
        ["metadata"] = order.Metadata.Clone(),
        ["outcome"] = new JsonObject
        {
            ["network_status"] = "approved_by_network",
            ["risk_level"] = "normal",
            ["risk_score"] = 20L,
            ["seller_message"] = "Payment complete.",
            ["type"] = "authorized",
        }.WithNulls("advice_code", "network_advice_code", "network_decline_code", "reason"),
        ["paid"] = true,
        ["payment_intent"] = intentId,
        ["payment_method"] = order.Method.Id(),
        ["payment_method_details"] = new JsonObject { ["card"] = CardDetails(order), ["type"] = "card" },
        ["receipt_email"] = order.ReceiptEmail,
        ["refunded"] = false,
        ["status"] = "succeeded",
    }.WithNulls("application", "application_fee", "application_fee_amount", "balance_transaction", "calculated_statement_descriptor",
        "failure_balance_transaction", "failure_code", "failure_message", "on_behalf_of", "receipt_number", "receipt_url", "review",
        "shipping", "source", "source_transfer", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group");

    private static JsonObject CardDetails(PaymentOrder order)
    {
        var card = order.Method.Object("card");
        var details = new JsonObject { ["amount_authorized"] = order.Amount };
        foreach (var name in (string[])["brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "regulated_status"])
        {
            details[name] = card[name]?.DeepClone();
        }

        details["network"] = card["brand"]?.DeepClone();
        return details.WithNulls("authorization_code", "installments", "mandate", "network_transaction_id", "three_d_secure", "transaction_link_id", "wallet");
    }

    private static JsonObject List(Call call)
    {
        call.Params.RefuseNotEmulated("transfer_group");
        return call.Page(call.Tx.NewestFirst(Type).Where("customer", call.Params.Text("customer"))
            .Where("payment_intent", call.Params.Text("payment_intent")).WhereCreated(call.Params));
    }
}
