using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Checkout;
using StripeSandbox.Protocol;
using StripeSandbox.Reversals;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Charges: what a payment intent took from a card or a bank account.</summary>
internal static class Charges
{
    public const string Type = "charge";

    public static void Map(Operations operations) => operations
        .Get("/v1/charges", List)
        .Get("/v1/charges/{charge}", call => call.Subject(Type, "charge"));

    /// <summary>An attempt that waits for its answer: <see cref="Conclude"/>.</summary>
    public static JsonObject New(Transaction tx, JsonObject intent, JsonObject method) => new JsonObject
    {
        ["id"] = Ids.New("ch_3"),
        ["object"] = Type,
        ["amount"] = intent.Number("amount"),
        ["amount_captured"] = 0L,
        ["amount_refunded"] = 0L,
        ["billing_details"] = method.Object("billing_details").Clone(),
        ["captured"] = false,
        ["created"] = tx.Now,
        ["currency"] = intent.Text("currency"),
        ["customer"] = intent.TextOrNull("customer"),
        ["description"] = intent.TextOrNull("description"),
        ["disputed"] = false,
        ["fraud_details"] = new JsonObject(),
        ["livemode"] = false,
        ["metadata"] = intent.Object("metadata").Clone(),
        ["outcome"] = Outcome(null),
        ["paid"] = false,
        ["payment_intent"] = intent.Id(),
        ["payment_method"] = method.Id(),
        ["payment_method_details"] = MethodDetails(intent.Number("amount"), method),
        ["receipt_email"] = intent.TextOrNull("receipt_email"),
        ["refunded"] = false,
        ["status"] = "pending",
        ["_aftermath"] = method.TextOrNull("_aftermath"),
        ["_disputed_at"] = null,
    }.WithNulls("application", "application_fee", "application_fee_amount", "balance_transaction", "calculated_statement_descriptor",
        "failure_balance_transaction", "failure_code", "failure_message", "on_behalf_of", "receipt_number", "receipt_url", "review",
        "shipping", "source", "source_transfer", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group");

    /// <summary>The answer to the attempt; no refusal: the money is there.</summary>
    public static void Conclude(Transaction tx, JsonObject charge, Refusal? refusal)
    {
        charge["amount_captured"] = refusal is null ? charge.Number("amount") : 0L;
        charge["captured"] = refusal is null;
        charge["failure_code"] = refusal?.Code;
        charge["failure_message"] = refusal?.Message;
        charge["outcome"] = Outcome(refusal);
        charge["paid"] = refusal is null;
        charge["status"] = refusal is null ? "succeeded" : "failed";
        charge["_disputed_at"] = refusal is null ? Aftermath.DisputedAt(tx, charge.TextOrNull("_aftermath")) : null;
    }

    private static JsonObject Outcome(Refusal? refusal) => new JsonObject
    {
        ["network_status"] = refusal is null ? "approved_by_network" : "declined_by_network",
        ["reason"] = refusal?.DeclineCode ?? refusal?.Code,
        ["risk_level"] = "normal",
        ["risk_score"] = 20L,
        ["seller_message"] = refusal is null ? "Payment complete." : "The bank did not return any further details with this decline.",
        ["type"] = refusal is null ? "authorized" : "issuer_declined",
    }.WithNulls("advice_code", "network_advice_code", "network_decline_code");

    private static JsonObject MethodDetails(long amount, JsonObject method)
    {
        var type = method.Text("type");
        return new JsonObject { [type] = type == MethodTypes.Card ? CardDetails(amount, method) : BankDetails(method.Object(type)), ["type"] = type };
    }

    private static JsonObject BankDetails(JsonObject account)
    {
        var details = new JsonObject();
        foreach (var name in (string[])["account_holder_type", "account_type", "bank_code", "bank_name", "branch_code", "country", "fingerprint", "last4", "routing_number"])
        {
            if (account.ContainsKey(name))
            {
                details[name] = account[name]?.DeepClone();
            }
        }

        return account.ContainsKey("routing_number") ? details.WithNulls("payment_reference") : details.WithNulls("mandate");
    }

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
