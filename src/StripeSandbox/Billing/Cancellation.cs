using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>
/// The end of a subscription, at once or at an instant that is kept in <c>cancel_at</c>; <c>cancel_at_period_end</c>
/// is that instant with a flag. <c>canceled</c> and <c>incomplete_expired</c> are final.
/// </summary>
internal static class Cancellation
{
    public const string PaymentFailed = "payment_failed";

    public static bool IsEnded(JsonObject subscription) => subscription.Text("status") is "canceled" or "incomplete_expired";

    public static void Schedule(JsonObject subscription, long at, bool atPeriodEnd, long now)
    {
        ScheduledChange.Forget(subscription);
        subscription["cancel_at"] = at;
        subscription["cancel_at_period_end"] = atPeriodEnd;
        subscription["canceled_at"] = now;
        subscription.Object("cancellation_details")["reason"] = "cancellation_requested";
    }

    public static void Unschedule(JsonObject subscription)
    {
        subscription["cancel_at"] = null;
        subscription["cancel_at_period_end"] = false;
        subscription["canceled_at"] = null;
        subscription.Object("cancellation_details")["reason"] = null;
    }

    /// <summary>After the periods changed: a cancellation at the period's end means the end of the new one.</summary>
    public static void FollowPeriod(JsonObject subscription)
    {
        if (subscription.Flag("cancel_at_period_end"))
        {
            subscription["cancel_at"] = subscription.Elements("items").Max(item => item.Number("current_period_end"));
        }
    }

    /// <summary>
    /// Ends it. Its invoices stay as they are, open ones owed and drafts drafts, but nothing collects them by itself any
    /// more: only <c>POST /v1/invoices/{id}/pay</c> does.
    /// </summary>
    public static void EndNow(Transaction tx, JsonObject subscription, string reason = "cancellation_requested")
    {
        StopCollecting(tx, subscription);
        var edited = tx.Edit(subscription);
        ScheduledChange.Forget(edited);
        edited["status"] = "canceled";
        edited["ended_at"] = tx.Now;
        edited["canceled_at"] ??= tx.Now;
        var details = edited.Object("cancellation_details");
        details["reason"] = reason == PaymentFailed ? reason : details.TextOrNull("reason") ?? reason;
        tx.Emit("customer.subscription.deleted", edited);
    }

    private static void StopCollecting(Transaction tx, JsonObject subscription)
    {
        foreach (var invoice in Invoices.Of(tx, subscription).Where(invoice => invoice.Text("status") is "draft" or "open" && invoice.Flag("auto_advance")).ToArray())
        {
            tx.Change("invoice.updated", invoice, edited =>
            {
                edited["auto_advance"] = false;
                edited["automatically_finalizes_at"] = null;
                edited["next_payment_attempt"] = null;
            });
        }
    }
}
