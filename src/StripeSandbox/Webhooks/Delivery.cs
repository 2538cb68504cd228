using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Webhooks;

/// <summary>One event on its way to one endpoint, with every attempt made. Kept as an object like all others, so it survives a restart.</summary>
internal static class Delivery
{
    public const string Type = "sandbox.delivery";

    /// <param name="origin">Why it was made: by the <c>event</c>, as a <c>duplicate</c>, or <c>resent</c>.</param>
    public static JsonObject New(JsonObject json, JsonObject endpoint, long now, string origin = "event") => new()
    {
        ["id"] = Ids.New("dlv_"),
        ["object"] = Type,
        ["created"] = now,
        ["event"] = json.Id(),
        ["type"] = json.Text("type"),
        ["endpoint"] = endpoint.Id(),
        ["url"] = endpoint.Text("url"),
        ["state"] = "pending",
        ["origin"] = origin,
        ["fault"] = null,
        ["held_until"] = null,
        ["attempts"] = new JsonArray(),
    };

    public static bool IsPending(JsonObject delivery) => delivery.Text("state") == "pending";

    /// <summary>Whether nothing has happened to it yet, so that a fault may.</summary>
    public static bool IsUntouched(JsonObject delivery) => IsPending(delivery) && Attempts(delivery) == 0 && delivery.TextOrNull("origin") == "event" && delivery["fault"] is null;

    public static int Attempts(JsonObject delivery) => delivery["attempts"]!.AsArray().Count;

    /// <summary>When it is let go at the latest, unix seconds; null: it is not held.</summary>
    public static long? DueAt(JsonObject delivery) => delivery.Text("state") == "held" ? delivery.Number("held_until") : null;

    public static void Hold(Transaction tx, JsonObject delivery, string fault, long seconds)
    {
        var held = tx.Edit(delivery);
        (held["state"], held["fault"], held["held_until"]) = ("held", fault, tx.Now + seconds);
    }

    public static void Release(Transaction tx, JsonObject delivery) => tx.Edit(delivery)["state"] = "pending";

    public static void Drop(Transaction tx, JsonObject delivery)
    {
        var dropped = tx.Edit(delivery);
        (dropped["state"], dropped["fault"]) = ("dropped", "drop");
    }

    /// <summary>The same event to the same endpoint once more, at once or so much later.</summary>
    public static void Repeat(Transaction tx, JsonObject delivery, long seconds)
    {
        if (tx.Find("webhook_endpoint", delivery.Text("endpoint")) is not { } endpoint)
        {
            return;
        }

        var copy = tx.Add(New(tx.Get("event", delivery.Text("event")), endpoint, tx.Now, "duplicate"));
        copy["fault"] = "duplicate";
        if (seconds > 0)
        {
            Hold(tx, copy, "duplicate", seconds);
        }
    }

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
