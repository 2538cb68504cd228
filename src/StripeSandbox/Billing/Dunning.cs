using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>
/// What the collection of invoices does to the subscription: a failure makes it <c>past_due</c>, the last failure ends it
/// as the account's rules say, and paying its latest invoice makes it <c>active</c> again.
/// </summary>
internal static class Dunning
{
    /// <summary>Collects the subscription's invoice, which is open, from the card or bank account and lets the subscription follow.</summary>
    public static Refusal? Collect(Transaction tx, JsonObject invoice, JsonObject? method, CollectionOrder order)
    {
        var refusal = Collection.Attempt(tx, invoice, method, order);
        Follow(tx, invoice, refusal, order.Automatic);
        return refusal;
    }

    /// <summary>The same when a bank answers, at the instant (unix seconds), to what it was asked days ago.</summary>
    public static void Conclude(Transaction tx, JsonObject invoice, Refusal? refusal, long at) =>
        Follow(tx, invoice, refusal, CollectionOutcome.Conclude(tx, invoice, refusal, at));

    private static void Follow(Transaction tx, JsonObject invoice, Refusal? refusal, bool automatic)
    {
        var subscription = tx.Get(Subscriptions.Type, Invoices.SubscriptionOf(invoice)!);
        if (Cancellation.IsEnded(subscription))
        {
            return;
        }

        if (refusal is null)
        {
            Recover(tx, subscription);
        }
        else
        {
            Fall(tx, subscription, isLast: automatic && !tx.Get(Invoices.Type, invoice.Id()).Flag("auto_advance"));
        }
    }

    private static void Recover(Transaction tx, JsonObject subscription)
    {
        if (subscription.Text("status") is not ("past_due" or "unpaid"))
        {
            return;
        }

        var latest = Invoices.Of(tx, subscription).First(invoice => invoice.Text("status") is not ("draft" or "void"));
        if (latest.Text("status") == "paid")
        {
            SetStatus(tx, subscription, "active");
        }
    }

    private static void Fall(Transaction tx, JsonObject subscription, bool isLast)
    {
        switch (isLast ? tx.Rules.AfterRetries : AfterPaymentRetries.LeavePastDue)
        {
            case AfterPaymentRetries.Cancel:
                Cancellation.EndNow(tx, subscription, Cancellation.PaymentFailed);
                break;
            case AfterPaymentRetries.MarkUnpaid:
                SetStatus(tx, subscription, "unpaid");
                break;
            default:
                SetStatus(tx, subscription, subscription.Text("status") == "unpaid" ? "unpaid" : "past_due");
                break;
        }
    }

    private static void SetStatus(Transaction tx, JsonObject subscription, string status) =>
        tx.Change("customer.subscription.updated", subscription, edited => edited["status"] = status);
}
