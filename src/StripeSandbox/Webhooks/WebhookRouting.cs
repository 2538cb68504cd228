using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Webhooks;

/// <summary>Which endpoints get an event: enabled ones that list its type or <c>*</c>.</summary>
internal static class WebhookRouting
{
    public static IEnumerable<JsonObject> EndpointsFor(Transaction tx, string eventType) =>
        tx.NewestFirst("webhook_endpoint").Reverse().Where(endpoint => IsEnabled(endpoint) && Wants(endpoint, eventType));

    public static bool IsEnabled(JsonObject endpoint) => endpoint.Text("status") == "enabled";

    private static bool Wants(JsonObject endpoint, string eventType) =>
        endpoint["enabled_events"]!.AsArray().Any(wanted => wanted!.GetValue<string>() is "*" || wanted.GetValue<string>() == eventType);
}
