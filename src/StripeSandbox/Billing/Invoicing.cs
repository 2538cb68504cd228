using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>The making of a subscription's invoice: draft, then finalised (open). Each step reports itself; <see cref="Collection"/> gets it paid.</summary>
internal static class Invoicing
{
    public static JsonObject Draft(Transaction tx, JsonObject subscription, string reason, IReadOnlyList<JsonObject> lines, Action<JsonObject>? complete = null)
    {
        var customer = tx.Get("customer", subscription.Text("customer"));
        var invoice = Invoices.New(tx, customer, subscription, reason, lines);
        Discounts.Apply(tx, subscription, invoice);
        complete?.Invoke(invoice);
        tx.Add(invoice);
        tx.Emit("invoice.created", invoice);
        return invoice;
    }

    /// <summary>A draft that takes the subscription's waiting prorations along, ahead of its lines.</summary>
    public static JsonObject DraftWithWaiting(Transaction tx, JsonObject subscription, string reason, IReadOnlyList<JsonObject> lines, Action<JsonObject>? complete = null)
    {
        var waiting = Proration.Waiting(tx, subscription).ToArray();
        var invoice = Draft(tx, subscription, reason, [.. waiting.Select(item => InvoiceLine.OfProration(tx, subscription, item)), .. lines], complete);
        foreach (var item in waiting)
        {
            tx.Edit(item)["invoice"] = invoice.Id();
        }

        return invoice;
    }

    /// <summary>Gives the invoice its number and applies the customer's balance, which is then settled by it.</summary>
    public static void Finalise(Transaction tx, JsonObject draft)
    {
        var invoice = tx.Edit(draft);
        var customer = tx.Edit(tx.Get("customer", invoice.Text("customer")));
        var (due, ending) = Balance.Apply(invoice.Number("total"), customer.Number("balance"));
        var sequence = customer.Number("next_invoice_sequence");

        invoice["number"] = $"{customer.Text("invoice_prefix")}-{sequence:0000}";
        invoice["status"] = "open";
        invoice["starting_balance"] = customer.Number("balance");
        invoice["ending_balance"] = ending;
        invoice["amount_due"] = due;
        invoice["amount_remaining"] = due;
        invoice["effective_at"] = tx.Now;
        invoice["automatically_finalizes_at"] = null;
        invoice["next_payment_attempt"] = null;
        invoice.Object("status_transitions")["finalized_at"] = tx.Now;
        customer["balance"] = ending;
        customer["next_invoice_sequence"] = sequence + 1;
        tx.Emit("invoice.finalized", invoice);
    }
}
