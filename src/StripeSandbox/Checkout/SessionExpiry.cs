using System.Text.Json.Nodes;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Checkout;

/// <summary>An open session ends at <c>expires_at</c>, or before by an API call; then its page charges nobody.</summary>
internal static class SessionExpiry
{
    public static long? DueAt(JsonObject session) => session.Text("status") == "open" ? session.Number("expires_at") : null;

    public static void Expire(Transaction tx, JsonObject session)
    {
        var edited = tx.Edit(session);
        Authentication.Abandon(tx, edited);
        edited["status"] = "expired";
        tx.Emit("checkout.session.expired", edited);
    }
}
