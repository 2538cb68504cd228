using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>
/// The secret end of a session's address and how long it opens: five minutes for the first use, an hour after each
/// later one, by the sandbox's clock (FACTS B.5).
/// </summary>
internal static class PortalLinks
{
    public const string Type = "billing_portal.link";

    private const long UnopenedSeconds = 5 * 60;
    private const long IdleSeconds = 60 * 60;

    public static void Add(Transaction tx, JsonObject session) => tx.Add(new JsonObject
    {
        ["id"] = session.Text("_secret"),
        ["object"] = Type,
        ["expires_at"] = tx.Now + UnopenedSeconds,
        ["finished"] = false,
        ["session"] = session.Id(),
        ["turns"] = new JsonObject(),
    });

    public static bool IsExpired(JsonObject link, long now) => link.Number("expires_at") <= now;

    /// <summary>A use: the hour begins anew.</summary>
    public static JsonObject Use(Transaction tx, JsonObject link)
    {
        var used = tx.Edit(link);
        used["expires_at"] = tx.Now + IdleSeconds;
        return used;
    }
}
