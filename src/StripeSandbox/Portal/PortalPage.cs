using StripeSandbox.Pages;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>The frame of the portal's pages, and the pages that only say something.</summary>
internal static class PortalPage
{
    /// <summary>A page of the session, the body as HTML.</summary>
    /// <param name="error">Said at the top, unless it is said beside one of the body's fields.</param>
    public static HostedPage Of(PortalVisit visit, string title, string body, PageError? error = null, params ReadOnlySpan<string> fields) => Frame(
        visit, error?.Status ?? 200, (error is null ? "" : "Error: ") + E(title), $"<h1>{E(title)}</h1>{PageError.Alert(error, fields)}{body}");

    /// <summary>A page whose body brings its heading along.</summary>
    public static HostedPage Plain(PortalVisit visit, string title, string body) => Frame(visit, 200, title, body);

    public static HostedPage Refused(PortalVisit visit, StripeError refusal) => Frame(visit, refusal.Status, "Not done", $"""
        <section class="card">
          <h1>Not done</h1>
          <p class="alert danger" role="alert">{E(refusal.Message)}</p>
          <p><a class="button" href="{E(visit.Path())}">Go on</a></p>
        </section>
        """);

    public static HostedPage Unknown() => Message(404, "Not found", "This billing page does not exist.");

    public static HostedPage Expired() => Message(410, "This link has expired", "Nothing was changed. Open your billing page again from where you came: the shop makes a new link each time.");

    /// <summary>The way back to the overview, while there is one; the way to the shop stands above.</summary>
    public static string BackLink(PortalVisit visit, string text = "Back") =>
        visit.ShowsOverview ? $"""<p><a href="{E(visit.Path())}">{E(text)}</a></p>""" : "";

    private static HostedPage Frame(PortalVisit visit, int status, string title, string body) => new(status, title, body)
    {
        FormTarget = FlowCompletion.Target(visit) is { } url ? WebAddress.Origin(url) : null,
        Bar = visit.Session.TextOrNull("return_url") is { } back ? BackTo(back, "Return to") : "",
    };

    private static HostedPage Message(int status, string title, string text) =>
        new(status, title, $"""<section class="card"><h1>{title}</h1><p>{text}</p></section>""");
}
