using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>What a subscription does by itself: tell of its trial's end, renew, end. One that ends with its period does not renew.</summary>
internal static class SubscriptionCourse
{
    /// <summary>Unix seconds; null: it has ended.</summary>
    public static long? DueAt(JsonObject subscription) => Cancellation.IsEnded(subscription) ? null
        : new[] { subscription.NumberOrNull("cancel_at"), Trial.NoticeAt(subscription), Renewal.DueAt(subscription) }.Min();

    public static void Advance(Transaction tx, JsonObject subscription)
    {
        var at = DueAt(subscription);
        if (at == subscription.NumberOrNull("cancel_at"))
        {
            Cancellation.EndNow(tx, subscription);
        }
        else if (at == Trial.NoticeAt(subscription))
        {
            Trial.Notify(tx, subscription);
        }
        else
        {
            Renewal.Run(tx, subscription);
        }
    }
}
