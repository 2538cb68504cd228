using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Pages;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>One invoice: what it is over, what came off, and how to pay it while it is open.</summary>
internal static class InvoicePage
{
    public const string Feature = "invoice_history";

    public static string Path(PortalVisit visit, JsonObject invoice) => visit.Path($"/invoices/{invoice.Id()}");

    /// <summary>The customer's invoices but drafts, newest first.</summary>
    public static IEnumerable<JsonObject> Of(PortalVisit visit) =>
        visit.Tx.NewestFirst(Invoices.Type).Where("customer", visit.Customer.Id()).Where(invoice => invoice.Text("status") != "draft");

    public static HostedPage Show(PortalVisit visit, string id)
    {
        visit.Require(Feature);
        var invoice = Of(visit).FirstOrDefault(invoice => invoice.Id() == id) ?? throw PortalRefusals.NoInvoice();
        return PortalPage.Of(visit, $"Invoice {invoice.TextOrNull("number")}", $"""
            <section class="card" aria-label="Invoice">
              <p>{PortalText.Badge(invoice.Text("status"))} {Dates(invoice)}</p>
              {Lines(invoice)}
            </section>
            {OpenInvoices.Form(visit, invoice)}
            {PortalPage.BackLink(visit)}
            """);
    }

    /// <summary>An invoice's lines and sums.</summary>
    public static string Lines(JsonObject invoice)
    {
        var currency = invoice.Text("currency");
        var (subtotal, total) = (invoice.Number("subtotal"), invoice.Number("total"));
        var balance = invoice.Number("amount_due") - total;
        return $"""
            <div class="scroll">
              <table>
                <thead><tr><th scope="col">Description</th><th scope="col" class="amount">Amount</th></tr></thead>
                <tbody>{string.Concat(invoice.Elements("lines").Select(line => Row(line.TextOrNull("description"), line.Number("amount"), currency)))}</tbody>
                <tfoot>{(subtotal == total ? "" : Row("Discount", total - subtotal, currency))}{Row("Total", total, currency)}
                {(balance == 0 ? "" : Row(balance > 0 && total < 0 ? "Kept as credit" : "Account balance", balance, currency))}</tfoot>
              </table>
            </div>
            """;
    }

    private static string Row(string? name, long amount, string currency) => $"""<tr><td>{E(name)}</td><td class="amount">{E(Money.Display(amount, currency))}</td></tr>""";

    private static string Dates(JsonObject invoice) => $"Made on {PageTime.Day(invoice.Number("created"))}"
        + (invoice.Object("status_transitions").NumberOrNull("paid_at") is { } paid ? $", paid on {PageTime.Day(paid)}." : ".");
}
