using Microsoft.AspNetCore.Http;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>What follows when the task of a session is done: the shop, a confirmation, or the overview (FACTS B.5, <c>after_completion</c>).</summary>
internal static class FlowCompletion
{
    // What the next page says has been done.
    private const string Said = "notice";

    /// <summary>Where to go after an action, with what the overview then says of it. Said again for a repeated form, it changes nothing.</summary>
    public static IResult Go(PortalVisit visit, string? notice = null)
    {
        Tell(visit, notice);
        if (visit.Flow is not null)
        {
            visit.Link["finished"] = true;
        }

        return new SeeOther(Target(visit) is { } url ? WebAddress.ForHeader(url) : visit.Path());
    }

    /// <summary>Back to the session's own page after an action that is not its task.</summary>
    public static IResult Back(PortalVisit visit, string? notice)
    {
        Tell(visit, notice);
        return new SeeOther(visit.Path());
    }

    /// <summary>What has just been done, once.</summary>
    public static string Notice(PortalVisit visit)
    {
        var notice = visit.Link.TextOrNull(Said);
        visit.Link.Remove(Said);
        return notice is null ? "" : $"""<p class="alert good" role="status">{E(notice)}</p>""";
    }

    private static void Tell(PortalVisit visit, string? notice)
    {
        if (notice is not null)
        {
            visit.Link[Said] = notice;
        }
    }

    /// <summary>The address of the shop that the session's task ends at; null: it ends here.</summary>
    public static string? Target(PortalVisit visit) => visit.Flow?.Object("after_completion") is { } completion && completion.Text("type") == "redirect"
        ? completion.Object("redirect").Text("return_url") : null;

    public static HostedPage Page(PortalVisit visit, PageError? error)
    {
        var message = visit.Flow!.Object("after_completion")["hosted_confirmation"]?["custom_message"]?.GetValue<string>();
        return PortalPage.Of(visit, "You're all done", $"""
            <p class="alert good">{E(message ?? visit.Link.TextOrNull(Said) ?? "Your change has been made.")}</p>
            {OpenInvoices.Html(visit)}
            {((Target(visit) ?? visit.Session.TextOrNull("return_url")) is { } url ? $"""<p><a class="button" href="{E(url)}">Return to {E(new Uri(url).IdnHost)}</a></p>""" : "")}
            """, error);
    }
}
