using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Pages;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Control.Page;

/// <summary>The newest events, each with its ways to the endpoints and what they answered.</summary>
internal static class EventSection
{
    private const int Shown = 50;
    private const int ShownAttempts = 5;

    public static string Html(Accounts accounts)
    {
        var events = accounts.All.SelectMany(Newest).OrderByDescending(row => row.Event.Number("created")).Take(Shown).ToArray();
        return $"""
            <section class="card" aria-labelledby="events">
              <h2 id="events">Events</h2>
              {(events.Length == 0 ? """<p class="muted">Nothing has happened yet.</p>""" : $"""
                <div class="scroll" role="region" aria-labelledby="events" tabindex="0">
                  <table>
                    <caption>The newest {Shown}, and what the endpoints answered</caption>
                    <thead><tr><th scope="col">Event</th><th scope="col">Answers</th><th scope="col">Again</th></tr></thead>
                    <tbody>{string.Concat(events.Select(row => Row(row.Event, row.Ways)))}</tbody>
                  </table>
                </div>
                """)}
            </section>
            """;
    }

    private static (JsonObject Event, JsonObject[] Ways)[] Newest(Account account) => account.Execute(RequestOrigin.None, tx =>
    {
        var ways = tx.NewestFirst(Delivery.Type).ToLookup(delivery => delivery.Text("event"));
        return tx.NewestFirst(Events.Type).Take(Shown).Select(json => (json.Clone(), ways[json.Id()].Reverse().Select(way => way.Clone()).ToArray())).ToArray();
    });

    private static string Row(JsonObject json, JsonObject[] ways) => $"""
        <tr>
          <td><strong>{E(json.Text("type"))}</strong><br><span class="small muted">{PageTime.Minute(json.Number("created"))}<br>{E(json.Id())}</span></td>
          <td>{(ways.Length == 0 ? """<span class="muted">No endpoint wants it.</span>""" : string.Concat(ways.Select(Way)))}</td>
          <td>{ControlPage.Button($"events/{json.Id()}/resend", "Resend", $"Resend {json.Text("type")} {json.Id()}")}</td>
        </tr>
        """;

    private static string Way(JsonObject way)
    {
        var attempts = way.Elements("attempts").ToArray();
        var origin = way.TextOrNull("origin") is { } why and not "event" ? $" ({why})" : "";
        return $"""
            <div>
              <span class="status {Tone(way.Text("state"))}">{E(way.Text("state") + origin)}</span>
              <span class="small muted">{E(way.Text("url"))}{(attempts.Length > ShownAttempts ? $", the last {ShownAttempts} of {attempts.Length} attempts" : "")}</span>
              {string.Concat(attempts.TakeLast(ShownAttempts).Select(attempt => $"""<div class="small">{E(Answer(attempt))}</div>"""))}
            </div>
            """;
    }

    private static string Answer(JsonObject attempt) =>
        $"{DateTimeOffset.FromUnixTimeSeconds(attempt.Number("at")).ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}: "
        + (attempt.NumberOrNull("status")?.ToString(CultureInfo.InvariantCulture) ?? "no answer")
        + (attempt.TextOrNull("error") is { } error ? $", {error}" : "");

    private static string Tone(string state) => state switch { "succeeded" => "good", "failed" or "dropped" => "danger", _ => "" };
}
