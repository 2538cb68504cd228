using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Resources;

/// <summary>Invoice payments: which payment intent pays which invoice.</summary>
internal static class InvoicePayments
{
    public const string Type = "invoice_payment";

    public static void Map(Operations operations) => operations
        .Get("/v1/invoice_payments", List)
        .Get("/v1/invoice_payments/{id}", call => call.Subject(Type, "id"));

    public static JsonObject New(Transaction tx, JsonObject invoice, JsonObject intent) => new JsonObject
    {
        ["id"] = Ids.New("inpay_1", 23),
        ["object"] = Type,
        ["amount_requested"] = intent.Number("amount"),
        ["created"] = tx.Now,
        ["currency"] = invoice.Text("currency"),
        ["invoice"] = invoice.Id(),
        ["is_default"] = true,
        ["livemode"] = false,
        ["payment"] = new JsonObject { ["payment_intent"] = intent.Id(), ["type"] = "payment_intent" },
        ["status"] = "open",
        ["status_transitions"] = new JsonObject().WithNulls("canceled_at", "paid_at"),
    }.WithNulls("amount_paid");

    /// <summary>The invoice that the payment intent pays; null: none.</summary>
    public static JsonObject? InvoiceOf(Transaction tx, string intentId) =>
        tx.NewestFirst(Type).FirstOrDefault(payment => payment.Object("payment").TextOrNull("payment_intent") == intentId) is { } payment
            ? tx.Get(Invoices.Type, payment.Text("invoice")) : null;

    /// <summary>The payment intent of an invoice that was tried to collect.</summary>
    public static string IntentOf(Transaction tx, JsonObject invoice) => tx.Get(Type, invoice.Text("_payment")).Object("payment").Text("payment_intent");

    public static void MarkPaid(Transaction tx, JsonObject payment)
    {
        var edited = tx.Edit(payment);
        edited["amount_paid"] = edited.Number("amount_requested");
        edited["status"] = "paid";
        edited.Object("status_transitions")["paid_at"] = tx.Now;
    }

    /// <summary>The list that <c>expand[]=payments</c> adds to an invoice.</summary>
    public static JsonObject OfInvoice(Transaction tx, JsonObject invoice) =>
        JsonFields.List("/v1/invoice_payments", tx.NewestFirst(Type).Where("invoice", invoice.Id()).Select(payment => payment.Clone()));

    private static JsonObject List(Call call)
    {
        var p = call.Params;
        var payment = p.Object("payment");
        payment?.OneOf("type", "payment_intent", "payment_record");
        payment?.RefuseNotEmulated("payment_record");
        var intent = payment?.Text("payment_intent");
        return call.Page(call.Tx.NewestFirst(Type).Where("invoice", p.Text("invoice")).Where("status", p.OneOf("status", "canceled", "open", "paid"))
            .Where(json => intent is null || json["payment"]?["payment_intent"]?.GetValue<string>() == intent).WhereCreated(p));
    }
}
