using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Pages;
using StripeSandbox.Resources;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Control.Page;

/// <summary>The newest payments, with what their buyers' banks may do.</summary>
internal static class DisputeSection
{
    private const int Shown = 10;

    public static string Html(Accounts accounts)
    {
        var rows = accounts.All.SelectMany(Newest).OrderByDescending(row => row.Charge.Number("created")).Take(Shown).ToArray();
        return rows.Length == 0 ? "" : $"""
            <section class="card" aria-labelledby="payments">
              <h2 id="payments">Payments</h2>
              <ul class="rows">{string.Concat(rows.Select(row => Line(row.Charge, row.Dispute)))}</ul>
            </section>
            """;
    }

    private static (JsonObject Charge, JsonObject? Dispute)[] Newest(Account account) => account.Execute(RequestOrigin.None, tx =>
    {
        var disputes = tx.NewestFirst(Disputes.Type).GroupBy(dispute => dispute.Text("charge")).ToDictionary(group => group.Key, group => group.First());
        return tx.NewestFirst(Charges.Type).Where(charge => charge.Flag("paid")).Take(Shown)
            .Select(charge => (charge.Clone(), disputes.GetValueOrDefault(charge.Id())?.Clone())).ToArray();
    });

    private static string Line(JsonObject charge, JsonObject? dispute) => $"""
        <li>
          <div><strong>{E(Money.Display(charge.Number("amount"), charge.Text("currency")))}</strong><br><span class="small muted">{PageTime.Minute(charge.Number("created"))}<br>{E(charge.Id())}</span></div>
          <div>{(dispute is null ? "" : $"""<span class="status">dispute {E(dispute.Text("status"))}</span>""")}</div>
          <div class="actions">{Buttons(charge, dispute)}</div>
        </li>
        """;

    private static string Buttons(JsonObject charge, JsonObject? dispute) => dispute?.Text("status") switch
    {
        null => charge.Flag("refunded") ? "" : ControlPage.Button("disputes", "Dispute", $"Dispute {charge.Id()}", ("charge", charge.Id())),
        "needs_response" or "under_review" => ControlPage.Button($"disputes/{dispute.Id()}/win", "We win", $"We win {dispute.Id()}")
            + ControlPage.Button($"disputes/{dispute.Id()}/lose", "We lose", $"We lose {dispute.Id()}"),
        _ => "",
    };
}
