using System.Text;
using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>Where a paid session sends the buyer. Kept as the shop gave it; made fit for a header when it is used.</summary>
internal static class SuccessUrl
{
    private const string Placeholder = "{CHECKOUT_SESSION_ID}";

    /// <summary>With the session's id in place of the placeholder. Byte for byte as given, unless a character is beyond ASCII.</summary>
    public static string Of(JsonObject session)
    {
        var url = session.Text("success_url").Replace(Placeholder, session.Id(), StringComparison.Ordinal);
        if (Ascii.IsValid(url))
        {
            return url;
        }

        var parsed = new Uri(url);
        return OriginOf(parsed) + parsed.PathAndQuery + parsed.Fragment;
    }

    /// <summary>Scheme, host and port, as a content security policy names them.</summary>
    public static string OriginOf(JsonObject session) => OriginOf(new Uri(Of(session)));

    private static string OriginOf(Uri url) => $"{url.Scheme}://{url.IdnHost}{(url.IsDefaultPort ? "" : $":{url.Port}")}";
}
