using System.Text.Json.Nodes;
using StripeSandbox.Pages;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>Where a paid session sends the buyer. Kept as the shop gave it; made fit for a header when it is used.</summary>
internal static class SuccessUrl
{
    private const string Placeholder = "{CHECKOUT_SESSION_ID}";

    /// <summary>With the session's id in place of the placeholder. Byte for byte as given, unless a character is beyond ASCII.</summary>
    public static string Of(JsonObject session) => WebAddress.ForHeader(session.Text("success_url").Replace(Placeholder, session.Id(), StringComparison.Ordinal));
}
