using System.Text.Json.Nodes;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>
/// The end of a subscription, at once or at an instant that is kept in <c>cancel_at</c>; <c>cancel_at_period_end</c>
/// is that instant with a flag. <c>canceled</c> and <c>incomplete_expired</c> are final.
/// </summary>
internal static class Cancellation
{
    public static bool IsEnded(JsonObject subscription) => subscription.Text("status") is "canceled" or "incomplete_expired";

    /// <summary>When a scheduled cancellation falls due, unix seconds.</summary>
    public static long? DueAt(JsonObject subscription) => IsEnded(subscription) ? null : subscription.NumberOrNull("cancel_at");

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

    public static void EndNow(Transaction tx, JsonObject subscription)
    {
        var edited = tx.Edit(subscription);
        ScheduledChange.Forget(edited);
        edited["status"] = "canceled";
        edited["ended_at"] = tx.Now;
        edited["canceled_at"] ??= tx.Now;
        edited.Object("cancellation_details")["reason"] ??= "cancellation_requested";
        tx.Emit("customer.subscription.deleted", edited);
    }
}
