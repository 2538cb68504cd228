using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Checkout;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>The portal's first page: subscriptions, card, invoices, each as far as the configuration allows.</summary>
internal static class Overview
{
    public static HostedPage Show(PortalVisit visit, PageError? error)
    {
        var subscriptions = visit.LiveSubscriptions.ToArray();
        return PortalPage.Of(visit, Headline(visit), $"""
            <p class="muted">{E(string.Join(" · ", new[] { visit.Customer.TextOrNull("name"), visit.Customer.TextOrNull("email") }.OfType<string>()))}</p>
            {FlowCompletion.Notice(visit)}
            {OpenInvoices.Html(visit)}
            <h2>Current plan</h2>
            {(subscriptions.Length == 0 ? """<p class="card">There is no subscription.</p>""" : string.Concat(subscriptions.Select(subscription => SubscriptionHtml.Section(visit, subscription))))}
            {CardSection(visit)}
            {InvoiceSection(visit)}
            {ShopLinks(visit)}
            """, error);
    }

    private static string Headline(PortalVisit visit) => visit.Configuration.Object("business_profile").TextOrNull("headline") ?? "Manage your billing";

    private static string CardSection(PortalVisit visit) => !visit.Allows(PortalVisit.UpdateCard) ? "" : $"""
        <h2>Payment method</h2>
        <section class="card" aria-label="Payment method">
          <p>{(visit.Card is { } card ? E(MethodText.Of(card)) : "No card is saved yet.")}</p>
          <div class="actions"><a class="button plain" href="{E(visit.Path("/payment-method"))}">Update payment method</a></div>
        </section>
        """;

    private static string InvoiceSection(PortalVisit visit)
    {
        if (!visit.Allows(InvoicePage.Feature))
        {
            return "";
        }

        var invoices = InvoicePage.Of(visit).ToArray();
        return "<h2>Invoices</h2>" + (invoices.Length == 0 ? """<p class="card">There are no invoices.</p>""" : $"""
            <div class="card scroll" role="region" aria-label="Invoices" tabindex="0">
              <table>
                <thead><tr><th scope="col">Number</th><th scope="col">Date</th><th scope="col" class="amount">Amount</th><th scope="col">Status</th></tr></thead>
                <tbody>{string.Concat(invoices.Select(invoice => Row(visit, invoice)))}</tbody>
              </table>
            </div>
            """);
    }

    private static string Row(PortalVisit visit, JsonObject invoice) => $"""
        <tr><td><a href="{E(InvoicePage.Path(visit, invoice))}">{E(invoice.TextOrNull("number"))}</a></td><td>{PageTime.Day(invoice.Number("created"))}</td>
        <td class="amount">{E(Money.Display(invoice.Number("total"), invoice.Text("currency")))}</td>
        <td>{PortalText.Badge(invoice.Text("status"))}{(OpenInvoices.IsPayable(invoice) ? $""" <a href="{E(InvoicePage.Path(visit, invoice))}">Pay<span class="hidden"> invoice {E(invoice.TextOrNull("number"))}</span></a>""" : "")}</td></tr>
        """;

    private static string ShopLinks(PortalVisit visit)
    {
        var profile = visit.Configuration.Object("business_profile");
        var links = Link("terms_of_service_url", "Terms") + Link("privacy_policy_url", "Privacy");
        return links.Length == 0 ? "" : $"<p>{links}</p>";

        string Link(string name, string text) => profile.TextOrNull(name) is { } url ? $"""<a href="{E(url)}">{text}</a> """ : "";
    }
}
