using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StripeSandbox.Pages;
using StripeSandbox.Protocol;

namespace StripeSandbox.Control.Page;

/// <summary>
/// The forms of the control page: each does what a call of the control API does, then leads back to the page. <see cref="SameOrigin"/> has
/// seen to it that they come from there.
/// </summary>
internal sealed class ControlForms(SandboxCore core, ControlApi api, DisputeControl disputes)
{
    // What was done, by a word in the address: a text in its place would let a link put words into the page's mouth.
    private static readonly Dictionary<string, string> Done = new()
    {
        ["clock"] = "The clock was moved, and what fell due has happened.",
        ["resent"] = "The event is on its way again.",
        ["added"] = "The fault is in place.",
        ["removed"] = "The fault is gone.",
        ["disputed"] = "The dispute is open.",
        ["decided"] = "The dispute is decided.",
    };

    private readonly ControlPage _page = new(core);

    public IResult Show(HttpRequest request) => _page.Show(done: request.Query["done"] is [{ } done] ? Done.GetValueOrDefault(done) : null);

    public void Map(IEndpointRouteBuilder routes)
    {
        var forms = routes.MapGroup($"{ControlPage.Path}/page");
        forms.MapPost("/clock", http => RunAsync(http, "clock", form => AdvanceAsync(form, http.RequestAborted)));
        forms.MapPost("/events/{id}/resend", http => RunAsync(http, "resent", _ => api.Resend(ControlApi.Segment(http, "id"))));
        forms.MapPost("/faults", http => RunAsync(http, "added", form => core.Faults.Add(FaultSection.Read(form))));
        forms.MapPost("/faults/clear", http => RunAsync(http, "removed", _ => core.Faults.Clear()));
        // One that is gone already, by another window's hand, is what was wanted.
        forms.MapPost("/faults/{id}/remove", http => RunAsync(http, "removed", _ => core.Faults.Remove(ControlApi.Segment(http, "id"))));
        forms.MapPost("/disputes", http => RunAsync(http, "disputed", form => disputes.Open(new JsonObject { ["charge"] = form["charge"].ToString() })));
        forms.MapPost("/disputes/{id}/win", http => RunAsync(http, "decided", _ => disputes.Decide(ControlApi.Segment(http, "id"), isWon: true)));
        forms.MapPost("/disputes/{id}/lose", http => RunAsync(http, "decided", _ => disputes.Decide(ControlApi.Segment(http, "id"), isWon: false)));
    }

    private async Task AdvanceAsync(IFormCollection form, CancellationToken ct)
    {
        var target = ClockSection.Target(core.Clock.GetUtcNow(), form["by"], form["to"]) ?? throw StripeError.BadParameter("Say which time to go to.", "to");
        await api.AdvanceAsync(new JsonObject { ["to"] = target.ToUnixTimeSeconds() }, ct);
    }

    private Task RunAsync(HttpContext http, string done, Action<IFormCollection> run) => RunAsync(http, done, form =>
    {
        run(form);
        return Task.CompletedTask;
    });

    private async Task RunAsync(HttpContext http, string done, Func<IFormCollection, Task> run)
    {
        IResult answer;
        try
        {
            await run(http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty);
            answer = new SeeOther($"{ControlPage.Path}?done={done}");
        }
        catch (Exception refusal) when (refusal is StripeError or ArgumentException)
        {
            answer = _page.Show(error: refusal.Message);
        }
        await answer.ExecuteAsync(http);
    }
}
