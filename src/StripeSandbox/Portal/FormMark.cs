using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>
/// Ties a form to what it showed: a digest of everything that its outcome depends on, in the field <c>mark</c>. A form
/// made before a change is refused. Who posts without a page, as with curl, may leave it out.
/// </summary>
internal static class FormMark
{
    public static string Field(PortalVisit visit, JsonObject subscription) => $"""<input type="hidden" name="mark" value="{Of(visit, subscription)}">""";

    /// <exception cref="Protocol.StripeError">409: the form is older than the state.</exception>
    public static void Require(PortalVisit visit, JsonObject subscription, IFormCollection form)
    {
        if (form["mark"] is [{ Length: > 0 } mark, ..] && mark != Of(visit, subscription))
        {
            throw PortalRefusals.Stale();
        }
    }

    private static string Of(PortalVisit visit, JsonObject subscription)
    {
        var waiting = Proration.Waiting(visit.Tx, subscription).Select(item => item.Id());
        var state = string.Join('\n', [subscription.ToJsonString(), visit.Customer["balance"]?.ToJsonString(), visit.Configuration.Object("features").ToJsonString(), .. waiting]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)))[..32];
    }
}
