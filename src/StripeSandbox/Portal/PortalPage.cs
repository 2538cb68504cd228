using StripeSandbox.Pages;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>The frame of the portal's pages, and the pages that only say something.</summary>
internal static class PortalPage
{
    /// <summary>A page of the session, the body as HTML. An error makes it 402, as only declined cards bring a page back.</summary>
    public static HostedPage Of(PortalVisit visit, string title, string body, string? error = null) => new(error is null ? 200 : 402, E(title), $"""
        <h1>{E(title)}</h1>
        {(error is null ? "" : $"""<p class="error" role="alert">{E(error)}</p>""")}
        {body}
        """)
    {
        FormTarget = FlowCompletion.Target(visit) is { } url ? WebAddress.Origin(url) : null,
        Bar = visit.Session.TextOrNull("return_url") is { } back ? BackTo(back, "Return to") : "",
    };

    public static HostedPage Refused(PortalVisit visit, StripeError refusal) => new(refusal.Status, "Not done", $"""
        <h1>Not done</h1>
        <p class="error" role="alert">{E(refusal.Message)}</p>
        <p><a href="{E(visit.Path())}">Go on</a></p>
        {ReturnLink(visit)}
        """);

    public static HostedPage Unknown() => Message(404, "Not found", "This billing page does not exist.");

    public static HostedPage Expired() => Message(410, "Expired", "This billing page has expired. Nothing was changed. Open it again from where you came.");

    /// <summary>The way back to the shop; empty if the session has none.</summary>
    public static string ReturnLink(PortalVisit visit) => visit.Session.TextOrNull("return_url") is { } url
        ? $"""<p class="return"><a href="{E(url)}">Return to the shop</a></p>""" : "";

    /// <summary>The way back to the overview, while there is one.</summary>
    public static string BackLink(PortalVisit visit) => visit.ShowsOverview ? $"""<p><a href="{E(visit.Path())}">Back</a></p>""" : ReturnLink(visit);

    private static HostedPage Message(int status, string title, string text) => new(status, title, $"<h1>{title}</h1><p>{text}</p>");
}
