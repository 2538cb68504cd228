using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Webhooks;

/// <summary>One event on its way to one endpoint, with every attempt made. Kept as an object like all others, so it survives a restart.</summary>
internal static class Delivery
{
    public const string Type = "sandbox.delivery";

    public static JsonObject New(JsonObject json, JsonObject endpoint, long now) => new()
    {
        ["id"] = Ids.New("dlv_"),
        ["object"] = Type,
        ["created"] = now,
        ["event"] = json.Id(),
        ["type"] = json.Text("type"),
        ["endpoint"] = endpoint.Id(),
        ["url"] = endpoint.Text("url"),
        ["state"] = "pending",
        ["attempts"] = new JsonArray(),
    };

    public static bool IsPending(JsonObject delivery) => delivery.Text("state") == "pending";

    public static int Attempts(JsonObject delivery) => delivery["attempts"]!.AsArray().Count;

    /// <summary>Notes an attempt; a success also takes the endpoint off the event's list of those still waited for.</summary>
    public static void Record(Transaction tx, string deliveryId, AttemptResult result, bool isLast)
    {
        if (tx.Find(Type, deliveryId) is not { } found)
        {
            return;
        }

        var delivery = tx.Edit(found);
        delivery["attempts"]!.AsArray().Add(new JsonObject
        {
            ["at"] = result.At,
            ["status"] = result.Status is { } status ? (long)status : null,
            ["error"] = result.Error,
        });
        delivery["state"] = result.Succeeded ? "succeeded" : isLast ? "failed" : "pending";
        if (result.Succeeded)
        {
            CountDown(tx, delivery.Text("event"), delivery.Text("endpoint"));
        }
    }

    private static void CountDown(Transaction tx, string eventId, string endpointId)
    {
        if (tx.Find("event", eventId) is not { } found)
        {
            return;
        }

        var waiting = found["_undelivered"]!.AsArray();
        if (!waiting.Any(id => id!.GetValue<string>() == endpointId))
        {
            return;
        }

        var json = tx.Edit(found);
        waiting = json["_undelivered"]!.AsArray();
        waiting.Remove(waiting.First(id => id!.GetValue<string>() == endpointId));
        json["pending_webhooks"] = (long)waiting.Count;
    }
}

/// <summary>One attempt: when (unix seconds, the sandbox's clock) and the HTTP status, null if there was no answer.</summary>
internal sealed record AttemptResult(long At, int? Status, string? Error)
{
    public bool Succeeded => Status is >= 200 and < 300;
}
