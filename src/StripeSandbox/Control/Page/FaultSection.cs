using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Faults;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Control.Page;

/// <summary>Faults, and a form for the usual ones; the control API takes all of them.</summary>
internal static class FaultSection
{
    private static readonly (string Value, string Text)[] Kinds =
    [
        ("delivery/drop", "Deliveries: the event never comes"),
        ("delivery/duplicate", "Deliveries: the event comes twice"),
        ("delivery/delay", "Deliveries: the event comes a minute late"),
        ("delivery/reorder", "Deliveries: the event changes places with the next"),
        ("call/error", "Calls: answered with 500"),
        ("call/rate_limit", "Calls: answered with 429"),
        ("call/timeout", "Calls: no answer, then the connection is gone"),
        ("call/drop", "Calls: the connection is gone"),
        ("charge/decline", "Charges: a customer's card is declined"),
    ];

    public static string Html(SandboxFaults faults)
    {
        var all = faults.All;
        return $"""
            <section class="card" aria-labelledby="faults">
              <h2 id="faults">Faults</h2>
              {(all.Count == 0 ? """<p class="muted">Nothing goes wrong on purpose.</p>""" : $"""
                <ul class="rows">{string.Concat(all.Select(Line))}</ul>
                <div class="actions">{ControlPage.Button("faults/clear", "Remove all faults")}</div>
                """)}
              <form method="post" class="apart" action="{ControlPage.Path}/page/faults">
                <div class="field">
                  <label for="fault">What goes wrong</label>
                  <select id="fault" name="fault">{string.Concat(Kinds.Select(kind => $"""<option value="{kind.Value}">{E(kind.Text)}</option>"""))}</select>
                </div>
                <div class="pair">
                  <div class="field">
                    <label for="target">Of which</label>
                    <input id="target" name="target" autocapitalize="none" spellcheck="false" aria-describedby="target-hint">
                    <p class="hint" id="target-hint">An event (invoice.*), a call (POST /v1/refunds), a customer (cus_...). Empty: all, but charges need a customer.</p>
                  </div>
                  <div class="field">
                    <label for="count">How often</label>
                    <input id="count" name="count" type="number" min="1" inputmode="numeric" aria-describedby="count-hint">
                    <p class="hint" id="count-hint">Empty: until it is removed.</p>
                  </div>
                </div>
                <button type="submit">Add fault</button>
              </form>
            </section>
            """;
    }

    /// <summary>The fault that a form describes.</summary>
    /// <exception cref="ArgumentException">It is no fault.</exception>
    public static Fault Read(IFormCollection form)
    {
        var (on, kind) = Kinds.Any(known => known.Value == form["fault"]) && form["fault"].ToString().Split('/') is [var first, var second]
            ? (first, second) : throw new ArgumentException("Choose what goes wrong.");
        var fault = new JsonObject { ["on"] = on };
        if (on != "charge")
        {
            fault["kind"] = kind;
        }

        if (form["target"].ToString().Trim() is { Length: > 0 } target)
        {
            fault[on switch { "call" => "operation", "delivery" => "event", _ => "customer" }] = target;
        }

        if (form["count"].ToString() is { Length: > 0 } count)
        {
            fault["count"] = int.TryParse(count, CultureInfo.InvariantCulture, out var times) ? times : throw new ArgumentException("How often is a whole number.");
        }

        return FaultJson.Read(fault);
    }

    private static string Line(ActiveFault active)
    {
        var json = FaultJson.Write(active);
        var parts = json.Where(field => field.Key is not ("id" or "fitted" or "struck" or "probability" or "seed") && field.Value is not null)
            .Select(field => $"{field.Key} {(field.Value!.GetValueKind() == JsonValueKind.String ? field.Value.GetValue<string>() : field.Value.ToJsonString())}");
        return $"""
            <li><div>{E(string.Join(", ", parts))}</div> <div class="muted">Struck {json.Number("struck")} of {json.Number("fitted")} times.</div>
            {ControlPage.Button($"faults/{active.Id}/remove", "Remove", $"Remove {active.Id}")}</li>
            """;
    }
}
