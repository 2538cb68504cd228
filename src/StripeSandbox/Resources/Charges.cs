using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Reversals;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Charges: what a payment intent took from a card.</summary>
internal static class Charges
{
    public const string Type = "charge";

    public static void Map(Operations operations) => operations
        .Get("/v1/charges", List)
        .Get("/v1/charges/{charge}", call => call.Subject(Type, "charge"));

    /// <summary>What a payment intent got, or did not get, from the card.</summary>
    public static JsonObject New(Transaction tx, JsonObject intent, JsonObject method, Refusal? refusal) => new JsonObject
    {
        ["id"] = Ids.New("ch_3"),
        ["object"] = Type,
        ["amount"] = intent.Number("amount"),
        ["amount_captured"] = refusal is null ? intent.Number("amount") : 0L,
        ["amount_refunded"] = 0L,
        ["billing_details"] = method.Object("billing_details").Clone(),
        ["captured"] = refusal is null,
        ["created"] = tx.Now,
        ["currency"] = intent.Text("currency"),
        ["customer"] = intent.TextOrNull("customer"),
        ["description"] = intent.TextOrNull("description"),
        ["disputed"] = false,
        ["failure_code"] = refusal?.Code,
        ["failure_message"] = refusal?.Message,
        ["fraud_details"] = new JsonObject(),
        ["livemode"] = false,
        ["metadata"] = intent.Object("metadata").Clone(),
        ["outcome"] = new JsonObject
        {
            ["network_status"] = refusal is null ? "approved_by_network" : "declined_by_network",
            ["reason"] = refusal?.DeclineCode ?? refusal?.Code,
            ["risk_level"] = "normal",
            ["risk_score"] = 20L,
            ["seller_message"] = refusal is null ? "Payment complete." : "The bank did not return any further details with this decline.",
            ["type"] = refusal is null ? "authorized" : "issuer_declined",
        }.WithNulls("advice_code", "network_advice_code", "network_decline_code"),
        ["paid"] = refusal is null,
        ["payment_intent"] = intent.Id(),
        ["payment_method"] = method.Id(),
        ["payment_method_details"] = new JsonObject { ["card"] = CardDetails(intent.Number("amount"), method), ["type"] = "card" },
        ["receipt_email"] = intent.TextOrNull("receipt_email"),
        ["refunded"] = false,
        ["status"] = refusal is null ? "succeeded" : "failed",
        ["_aftermath"] = method.TextOrNull("_aftermath"),
        ["_disputed_at"] = refusal is null ? Aftermath.DisputedAt(tx, method.TextOrNull("_aftermath")) : null,
    }.WithNulls("application", "application_fee", "application_fee_amount", "balance_transaction", "calculated_statement_descriptor",
        "failure_balance_transaction", "on_behalf_of", "receipt_number", "receipt_url", "review",
        "shipping", "source", "source_transfer", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group");

    private static JsonObject CardDetails(long amount, JsonObject method)
    {
        var card = method.Object("card");
        var details = new JsonObject { ["amount_authorized"] = amount };
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
