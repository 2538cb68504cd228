using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Webhooks;

/// <summary>
/// Writes events. An event and its deliveries commit together with the change that they report, so neither can be
/// lost or appear without the other.
/// </summary>
internal static class EventLog
{
    private const string ApiVersion = ApiPipeline.ApiVersion;

    /// <summary>Reports the object as it is now.</summary>
    public static void Emit(this Transaction tx, string type, JsonObject json) => Write(tx, type, new JsonObject { ["object"] = tx.Render(json) });

    /// <summary>
    /// Changes an object and, if a client can see a difference, reports it with the former values; once more under a second
    /// type where Stripe kept an older name.
    /// </summary>
    public static JsonObject Change(this Transaction tx, string type, JsonObject json, Action<JsonObject> change, string? alsoAs = null)
    {
        var before = tx.Render(json);
        var edited = tx.Edit(json);
        change(edited);
        var after = tx.Render(edited);
        if (ObjectDiff.FormerValues(before, after) is { Count: > 0 } former)
        {
            foreach (var name in alsoAs is null ? [type] : new[] { type, alsoAs })
            {
                Write(tx, name, new JsonObject { ["object"] = after.Clone(), ["previous_attributes"] = former.Clone() });
            }
        }

        return edited;
    }

    private static void Write(Transaction tx, string type, JsonObject data)
    {
        var endpoints = WebhookRouting.EndpointsFor(tx, type).ToArray();
        var json = tx.Add(new JsonObject
        {
            ["id"] = Ids.New("evt_1", 23),
            ["object"] = "event",
            ["api_version"] = ApiVersion,
            ["created"] = tx.Now,
            ["data"] = data,
            ["livemode"] = false,
            ["pending_webhooks"] = (long)endpoints.Length,
            ["request"] = new JsonObject { ["id"] = tx.Origin.RequestId, ["idempotency_key"] = tx.Origin.IdempotencyKey },
            ["type"] = type,
            ["_undelivered"] = new JsonArray([.. endpoints.Select(endpoint => JsonValue.Create(endpoint.Id()))]),
        });
        foreach (var endpoint in endpoints)
        {
            tx.Add(Delivery.New(json, endpoint, tx.Now));
        }
    }
}
