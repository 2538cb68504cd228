using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>
/// Collecting an open invoice from a card or bank account. All attempts share one payment intent. What the invoice then tells
/// is <see cref="CollectionOutcome"/>; what a failure means to the subscription is for the caller to say.
/// </summary>
internal static class Collection
{
    /// <summary>What pays a subscription's invoices: its own card or bank account, else the customer's default.</summary>
    public static JsonObject? DefaultMethod(Transaction tx, JsonObject subscription)
    {
        var customer = tx.Get(Customers.Type, subscription.Text("customer"));
        var id = subscription.TextOrNull("default_payment_method") ?? (customer["invoice_settings"] as JsonObject)?.TextOrNull("default_payment_method");
        return id is null ? null : tx.Find(PaymentMethods.Type, id);
    }

    /// <summary>Whether a bank has been asked for the invoice's money and has not answered. Nobody else may be asked meanwhile.</summary>
    public static bool IsUnderWay(JsonObject invoice) => invoice["_under_way"] is not null;

    /// <summary>
    /// One attempt. Null: paid, nothing was due, or <see cref="IsUnderWay"/>. A refused attempt counts, and names the next one,
    /// if it is the first or automatic: what people try in between does not disturb the schedule. Without a card the attempt
    /// fails, too.
    /// </summary>
    public static Refusal? Attempt(Transaction tx, JsonObject invoice, JsonObject? method, CollectionOrder order)
    {
        if (invoice.Number("amount_remaining") == 0)
        {
            CollectionOutcome.Settle(tx, invoice, attempts: 0);
            return null;
        }

        var payment = tx.Edit(invoice.TextOrNull("_payment") is { } id ? tx.Get(InvoicePayments.Type, id) : Begin(tx, invoice, order));
        var intent = tx.Get(PaymentIntents.Type, payment.Object("payment").Text("payment_intent"));
        if (order.IsConfirmed)
        {
            Payment.Confirm(tx, intent);
        }

        var counts = order.Automatic || invoice.Number("attempt_count") == 0;
        var refusal = method is null ? Refusal.Declined : Payment.Attempt(tx, intent, method);
        if (Payment.IsUnderWay(tx.Get(PaymentIntents.Type, intent.Id())))
        {
            CollectionOutcome.Await(tx, invoice, counts, order);
        }
        else if (refusal is null)
        {
            CollectionOutcome.Receive(tx, invoice, payment, invoice.Number("attempt_count") + (counts ? 1 : 0));
        }
        else
        {
            CollectionOutcome.Fail(tx, invoice, refusal, counts, order.At);
        }

        return refusal;
    }

    private static JsonObject Begin(Transaction tx, JsonObject invoice, CollectionOrder order)
    {
        var intent = Payment.Begin(tx, new PaymentOrder(invoice.Number("amount_remaining"), invoice.Text("currency"))
        {
            CustomerId = invoice.Text("customer"),
            Description = order.Description,
            IntentId = order.IntentId,
            SetupFutureUsage = "off_session",
        });
        var payment = tx.Add(InvoicePayments.New(tx, invoice, intent));
        tx.Edit(invoice)["_payment"] = payment.Id();
        return payment;
    }
}

/// <summary>An attempt to collect: what the payment is called, whether the schedule makes it, and the instant, unix seconds, that the next is counted from.</summary>
internal sealed record CollectionOrder(string Description, bool Automatic, long At)
{
    /// <summary>The intent that the buyer has confirmed; null: the invoice's own.</summary>
    public string? IntentId { get; init; }

    /// <summary>Whether the customer is there and has confirmed this attempt (3-D Secure).</summary>
    public bool IsConfirmed { get; init; }
}
