using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>The life of a subscription's invoice: draft, finalised (open), paid. Each step reports itself.</summary>
internal static class Invoicing
{
    public static JsonObject Draft(Transaction tx, JsonObject subscription, string reason, IReadOnlyList<JsonObject> lines)
    {
        var customer = tx.Get("customer", subscription.Text("customer"));
        var invoice = tx.Add(Invoices.New(tx, customer, subscription, reason, lines));
        tx.Emit("invoice.created", invoice);
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
        invoice.Object("status_transitions")["finalized_at"] = tx.Now;
        customer["balance"] = ending;
        customer["next_invoice_sequence"] = sequence + 1;
        tx.Emit("invoice.finalized", invoice);
    }

    /// <summary>Takes what is due from the card and marks the invoice paid. With nothing due there is no payment.</summary>
    public static void Collect(Transaction tx, JsonObject invoice, JsonObject method, string description)
    {
        var due = invoice.Number("amount_due");
        if (due > 0)
        {
            var intent = Payment.Take(tx, new PaymentOrder(due, invoice.Text("currency"), method)
            {
                CustomerId = invoice.Text("customer"),
                Description = description,
                SetupFutureUsage = "off_session",
            });
            tx.Emit("invoice_payment.paid", tx.Add(InvoicePayments.New(tx, invoice, intent)));
        }
        tx.Change("invoice.updated", invoice, edited =>
        {
            edited["amount_paid"] = due;
            edited["amount_remaining"] = 0L;
            edited["attempt_count"] = due > 0 ? 1L : 0L;
            edited["attempted"] = true;
            edited["auto_advance"] = false;
            edited["status"] = "paid";
            edited.Object("status_transitions")["paid_at"] = tx.Now;
        });
        tx.Emit("invoice.paid", invoice);
        tx.Emit("invoice.payment_succeeded", invoice);
    }
}
