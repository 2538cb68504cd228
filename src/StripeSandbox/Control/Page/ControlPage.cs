using StripeSandbox.Pages;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Control.Page;

/// <summary>The control API as a page for people: the clock, faults, the events and how they were answered, disputes.</summary>
internal sealed class ControlPage(SandboxCore core)
{
    public const string Path = "/_sandbox";

    /// <param name="error">What is wrong with the form that was sent; null: nothing.</param>
    /// <param name="done">What the form did.</param>
    public HostedPage Show(string? error = null, string? done = null) => new(error is null ? 200 : 400, "Control", $"""
        <h1>Control</h1>
        {(error is null ? "" : $"""<p class="alert danger" role="alert">{E(error)}</p>""")}
        <p class="alert{(done is null ? "" : " good")}" role="status">{E(done ?? "What you do here, you do to every account of this sandbox.")}</p>
        {ClockSection.Html(core.Clock)}
        {FaultSection.Html(core.Faults)}
        {EventSection.Html(core.Accounts)}
        {DisputeSection.Html(core.Accounts)}
        """)
    {
        IsWide = true,
        Bar = $"""<a href="{Path}">Look again</a>""",
    };

    /// <summary>A form that is one button.</summary>
    /// <param name="label">What the button is called where many are alike; null: its text says it all.</param>
    public static string Button(string action, string text, string? label = null, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var fields = "";
        foreach (var (name, value) in values)
        {
            fields += $"""<input type="hidden" name="{name}" value="{E(value)}">""";
        }

        return $"""
            <form method="post" action="{E($"{Path}/page/{action}")}">{fields}<button type="submit" class="plain"{(label is null ? "" : $" aria-label=\"{E(label)}\"")}>{E(text)}</button></form>
            """;
    }
}
