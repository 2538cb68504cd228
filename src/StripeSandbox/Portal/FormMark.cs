using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>
/// Ties a form to what it showed: a digest of everything that its outcome depends on, in the field <c>mark</c>. A form
/// made before a change is refused, even if another change took that back. Who posts without a page, as with curl, may leave it out.
/// </summary>
internal static class FormMark
{
    public static string Field(PortalVisit visit, JsonObject subscription) => $"""<input type="hidden" name="mark" value="{Of(visit, subscription)}">""";

    /// <summary>For a form that is about to change the subscription: its turn passes with that.</summary>
    /// <exception cref="Protocol.StripeError">409: the form is older than the state.</exception>
    public static void Require(PortalVisit visit, JsonObject subscription, IFormCollection form)
    {
        if (form["mark"] is [{ Length: > 0 } mark, ..] && mark != Of(visit, subscription))
        {
            throw PortalRefusals.Stale();
        }

        visit.Link.Object("turns")[subscription.Id()] = Turn(visit, subscription) + 1;
    }

    private static string Of(PortalVisit visit, JsonObject subscription)
    {
        var waiting = Proration.Waiting(visit.Tx, subscription).Select(item => item.Id());
        var state = string.Join('\n',
            [$"{Turn(visit, subscription)}", subscription.ToJsonString(), visit.Customer["balance"]?.ToJsonString(), visit.Configuration.Object("features").ToJsonString(), .. waiting]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)))[..32];
    }

    private static long Turn(PortalVisit visit, JsonObject subscription) => visit.Link.Object("turns").NumberOrNull(subscription.Id()) ?? 0;
}
