using System.Text.Json.Nodes;
using StripeSandbox.Checkout;
using StripeSandbox.Protocol;
using StripeSandbox.Reversals;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>Refunds of charges. None of them can be canceled: Stripe only cancels those that wait for the buyer.</summary>
internal static class Refunds
{
    public const string Type = "refund";

    // As many as Stripe embeds; the rest are in /v1/refunds.
    private const int Embedded = 10;

    public static void Map(Operations operations) => operations
        .Post("/v1/refunds", Create)
        .Get("/v1/refunds", List)
        .Get("/v1/refunds/{refund}", call => call.Subject(Type, "refund"))
        .Post("/v1/refunds/{refund}", Update);

    public static JsonObject New(Transaction tx, JsonObject charge, RefundOrder order)
    {
        var aftermath = charge.TextOrNull("_aftermath");
        var refund = new JsonObject
        {
            ["id"] = Ids.New("re_3"),
            ["object"] = Type,
            ["amount"] = order.Amount,
            ["charge"] = charge.Id(),
            ["created"] = tx.Now,
            ["currency"] = charge.Text("currency"),
            ["customer"] = charge.TextOrNull("customer"),
            ["destination_details"] = Destination(charge.Object("payment_method_details").Text("type")),
            ["metadata"] = order.Metadata,
            ["payment_intent"] = charge.TextOrNull("payment_intent"),
            ["payment_method"] = charge.TextOrNull("payment_method"),
            ["reason"] = order.Reason,
            ["status"] = aftermath is Aftermath.PendingRefund ? "pending" : "succeeded",
            ["_settled_at"] = aftermath is Aftermath.PendingRefund or Aftermath.FailingRefund ? tx.Now + Aftermath.DelaySeconds : null,
        };
        if (aftermath is Aftermath.PendingRefund)
        {
            refund["pending_reason"] = "processing";
        }

        return refund.WithNulls("balance_transaction", "customer_account", "receipt_number", "source_transfer_reversal", "transfer_reversal");
    }

    /// <summary>The list that <c>expand[]=refunds</c> adds to a charge.</summary>
    public static JsonObject OfCharge(Transaction tx, JsonObject charge)
    {
        var refunds = tx.NewestFirst(Type).Where("charge", charge.Id()).ToArray();
        return JsonFields.List($"/v1/charges/{charge.Id()}/refunds", refunds.Take(Embedded).Select(refund => refund.Clone()), refunds.Length > Embedded);
    }

    private static JsonObject Destination(string chargedType) => chargedType switch
    {
        MethodTypes.UsBankAccount => BankTransfer("us_bank_transfer"),
        MethodTypes.SepaDebit => BankTransfer("eu_bank_transfer"),
        _ => new JsonObject
        {
            ["card"] = new JsonObject { ["reference_status"] = "pending", ["reference_type"] = "acquirer_reference_number", ["type"] = "refund" },
            ["type"] = "card",
        },
    };

    private static JsonObject BankTransfer(string type) => new JsonObject { [type] = new JsonObject().WithNulls("reference", "reference_status"), ["type"] = type }.WithNulls();

    private static JsonObject Create(Call call)
    {
        var p = call.Params;
        p.RefuseNotEmulated("currency", "customer", "instructions_email", "origin", "refund_application_fee", "reverse_transfer");
        p.Exclusive("charge", "payment_intent");
        var order = new RefundOrder(p.Integer("amount", min: 1), p.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer"), p.NewMetadata());
        return RefundCourse.Give(call.Tx, ReadCharge(call), order);
    }

    private static JsonObject ReadCharge(Call call)
    {
        if (call.Named(Charges.Type, "charge") is { } charge)
        {
            return charge;
        }

        var intent = call.Named(PaymentIntents.Type, "payment_intent")
            ?? throw StripeError.BadParameter("One of the following params should be provided for this request: payment_intent or charge.", "payment_intent", "parameter_missing");
        return intent.Text("status") == "succeeded" ? call.Tx.Get(Charges.Type, intent.Text("latest_charge"))
            : throw StripeError.Refused($"This PaymentIntent ({intent.Id()}) does not have a successful charge to refund.");
    }

    private static JsonObject Update(Call call) => call.Tx.Change(
        "refund.updated", call.Subject(Type, "refund"), edited => call.Params.MergeMetadata(edited.Object("metadata")), alsoAs: "charge.refund.updated");

    private static JsonObject List(Call call) => call.Page(call.Tx.NewestFirst(Type).Where("charge", call.Params.Text("charge"))
        .Where("payment_intent", call.Params.Text("payment_intent")).WhereCreated(call.Params));
}
