using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Pages;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Control.Page;

/// <summary>The newest events that an endpoint wanted, each with its ways there and what was answered.</summary>
internal static class EventSection
{
    private const int Shown = 30;
    private const int ShownAttempts = 5;

    public static string Html(Accounts accounts)
    {
        var events = accounts.All.SelectMany(Newest).OrderByDescending(row => row.Event.Number("created")).Take(Shown).ToArray();
        return $"""
            <section class="card" aria-labelledby="events">
              <h2 id="events">Events</h2>
              {(events.Length == 0 ? """<p class="muted">Nothing was sent yet.</p>""" : $"""
                <p class="muted">The newest {Shown} that were sent, and what the endpoints answered.</p>
                <ul class="rows">{string.Concat(events.Select(row => Row(row.Event, row.Ways)))}</ul>
                """)}
            </section>
            """;
    }

    private static (JsonObject Event, JsonObject[] Ways)[] Newest(Account account) => account.Execute(RequestOrigin.None, tx =>
    {
        var ways = tx.NewestFirst(Delivery.Type).ToLookup(delivery => delivery.Text("event"));
        return tx.NewestFirst(Events.Type).Where(json => ways.Contains(json.Id())).Take(Shown)
            .Select(json => (json.Clone(), ways[json.Id()].Reverse().Select(way => way.Clone()).ToArray())).ToArray();
    });

    private static string Row(JsonObject json, JsonObject[] ways) => $"""
        <li>
          <div><strong>{E(json.Text("type"))}</strong><br><span class="small muted">{PageTime.Minute(json.Number("created"))}<br>{E(json.Id())}</span></div>
          <div>{string.Concat(ways.Select(Way))}</div>
          {ControlPage.Button($"events/{json.Id()}/resend", "Resend", $"Resend {json.Text("type")} {json.Id()}")}
        </li>
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
