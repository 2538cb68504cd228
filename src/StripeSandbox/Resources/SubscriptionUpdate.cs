using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;

namespace StripeSandbox.Resources;

/// <summary>Changing and cancelling a subscription.</summary>
internal static class SubscriptionUpdate
{
    public static JsonObject Run(Call call) => call.Subject(Subscriptions.Type, "subscription_exposed_id");

    public static JsonObject Cancel(Call call)
    {
        var subscription = call.Tx.Edit(call.Subject(Subscriptions.Type, "subscription_exposed_id"));
        Cancellation.EndNow(call.Tx, subscription);
        return subscription;
    }
}
