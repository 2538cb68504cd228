using Microsoft.AspNetCore.Http;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>What follows when the task of a session is done: the shop, a confirmation, or the overview (FACTS B.5, <c>after_completion</c>).</summary>
internal static class FlowCompletion
{
    /// <summary>Where to go after an action. Said again for a repeated form, it changes nothing.</summary>
    public static IResult Go(PortalVisit visit)
    {
        if (visit.Flow is not null)
        {
            visit.Link["finished"] = true;
        }

        return new SeeOther(Target(visit) is { } url ? WebAddress.ForHeader(url) : visit.Path());
    }

    /// <summary>The address of the shop that the session's task ends at; null: it ends here.</summary>
    public static string? Target(PortalVisit visit) => visit.Flow?.Object("after_completion") is { } completion && completion.Text("type") == "redirect"
        ? completion.Object("redirect").Text("return_url") : null;

    public static HostedPage Page(PortalVisit visit, string? error)
    {
        var message = visit.Flow!.Object("after_completion")["hosted_confirmation"]?["custom_message"]?.GetValue<string>();
        return PortalPage.Of(visit, "You're all done", $"""
            <p>{E(message ?? "Your change has been made.")}</p>
            {OpenInvoices.Html(visit)}
            {(Target(visit) is { } url ? $"""<p class="return"><a href="{E(url)}">Return to the shop</a></p>""" : PortalPage.ReturnLink(visit))}
            """, error);
    }
}
