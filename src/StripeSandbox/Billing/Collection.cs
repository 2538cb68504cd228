using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>
/// Collecting an open invoice from a card, and what the invoice then tells. All attempts share one payment intent.
/// What a failure means to the subscription is for the caller to say.
/// </summary>
internal static class Collection
{
    /// <summary>The card that pays a subscription's invoices: its own, else the customer's default.</summary>
    public static JsonObject? DefaultMethod(Transaction tx, JsonObject subscription)
    {
        var customer = tx.Get(Customers.Type, subscription.Text("customer"));
        var id = subscription.TextOrNull("default_payment_method") ?? (customer["invoice_settings"] as JsonObject)?.TextOrNull("default_payment_method");
        return id is null ? null : tx.Find(PaymentMethods.Type, id);
    }

    /// <summary>
    /// One attempt. Null: paid, or nothing was due. A refused attempt counts, and names the next one, if it is the first or
    /// automatic: what people try in between does not disturb the schedule. Without a card the attempt fails, too.
    /// </summary>
    public static Refusal? Attempt(Transaction tx, JsonObject invoice, JsonObject? method, CollectionOrder order)
    {
        if (invoice.Number("amount_remaining") == 0)
        {
            Settle(tx, invoice, attempts: 0);
            return null;
        }

        var payment = tx.Edit(invoice.TextOrNull("_payment") is { } id ? tx.Get(InvoicePayments.Type, id) : Begin(tx, invoice, order.Description));
        var intent = tx.Get(PaymentIntents.Type, payment.Object("payment").Text("payment_intent"));
        var attempts = invoice.Number("attempt_count") + (order.Automatic || invoice.Number("attempt_count") == 0 ? 1 : 0);
        var refusal = method is null ? Refusal.Declined : Payment.Attempt(tx, intent, method);
        if (refusal is not null)
        {
            Fail(tx, invoice, refusal, attempts, order);
            return refusal;
        }

        InvoicePayments.MarkPaid(tx, payment);
        tx.Emit("invoice_payment.paid", payment);
        Settle(tx, invoice, attempts);
        return null;
    }

    private static JsonObject Begin(Transaction tx, JsonObject invoice, string description)
    {
        var intent = Payment.Begin(tx, new PaymentOrder(invoice.Number("amount_remaining"), invoice.Text("currency"))
        {
            CustomerId = invoice.Text("customer"),
            Description = description,
            SetupFutureUsage = "off_session",
        });
        var payment = tx.Add(InvoicePayments.New(tx, invoice, intent));
        tx.Edit(invoice)["_payment"] = payment.Id();
        return payment;
    }

    private static void Settle(Transaction tx, JsonObject invoice, long attempts)
    {
        var paid = tx.Change("invoice.updated", invoice, edited =>
        {
            edited["amount_paid"] = edited.Number("amount_due");
            edited["amount_remaining"] = 0L;
            edited["attempt_count"] = attempts;
            edited["attempted"] = true;
            edited["auto_advance"] = false;
            edited["next_payment_attempt"] = null;
            edited["status"] = "paid";
            edited.Object("status_transitions")["paid_at"] = tx.Now;
        });
        tx.Emit("invoice.paid", paid);
        tx.Emit("invoice.payment_succeeded", paid);
    }

    private static void Fail(Transaction tx, JsonObject invoice, Refusal refusal, long attempts, CollectionOrder order)
    {
        var failed = tx.Change("invoice.updated", invoice, edited =>
        {
            edited["attempted"] = true;
            if (edited.Flag("auto_advance") && attempts > edited.Number("attempt_count"))
            {
                edited["next_payment_attempt"] = tx.Rules.NextAttempt(attempts, order.At);
                edited["auto_advance"] = edited["next_payment_attempt"] is not null;
            }

            edited["attempt_count"] = attempts;
        });
        tx.Emit("invoice.payment_failed", failed);
        if (refusal == Refusal.NeedsAuthentication)
        {
            tx.Emit("invoice.payment_action_required", failed);
        }
    }
}

/// <summary>An attempt to collect: what the payment is called, whether the schedule makes it, and the instant, unix seconds, that the next is counted from.</summary>
internal sealed record CollectionOrder(string Description, bool Automatic, long At);
