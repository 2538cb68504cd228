using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Checkout;
using StripeSandbox.Pages;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>The portal's first page: subscriptions, card, invoices, each as far as the configuration allows.</summary>
internal static class Overview
{
    public static HostedPage Show(PortalVisit visit, string? error)
    {
        var subscriptions = visit.LiveSubscriptions.ToArray();
        return PortalPage.Of(visit, Headline(visit), $"""
            <p>{E(visit.Customer.TextOrNull("name"))} {E(visit.Customer.TextOrNull("email"))}</p>
            {OpenInvoices.Html(visit)}
            <h2>Current plan</h2>
            {(subscriptions.Length == 0 ? "<p>There is no subscription.</p>" : string.Concat(subscriptions.Select(subscription => SubscriptionHtml.Section(visit, subscription))))}
            {CardSection(visit)}
            {InvoiceSection(visit)}
            {PortalPage.ReturnLink(visit)}
            {ShopLinks(visit)}
            """, error);
    }

    private static string Headline(PortalVisit visit) => visit.Configuration.Object("business_profile").TextOrNull("headline") ?? "Manage your billing";

    private static string CardSection(PortalVisit visit) => !visit.Allows(PortalVisit.UpdateCard) ? "" : $"""
        <h2>Payment method</h2>
        <p>{(visit.Card is { } card ? E(MethodText.Of(card)) : "No card is saved yet.")}</p>
        <a class="button" href="{E(visit.Path("/payment-method"))}">Update payment method</a>
        """;

    private static string InvoiceSection(PortalVisit visit)
    {
        if (!visit.Allows("invoice_history"))
        {
            return "";
        }

        var invoices = visit.Tx.NewestFirst(Invoices.Type).Where("customer", visit.Customer.Id()).Where(invoice => invoice.Text("status") != "draft").ToArray();
        return "<h2>Invoices</h2>" + (invoices.Length == 0 ? "<p>There are no invoices.</p>" : $"""
            <table>
              <thead><tr><th>Number</th><th>Date</th><th class="amount">Amount</th><th>Status</th></tr></thead>
              <tbody>{string.Concat(invoices.Select(Row))}</tbody>
            </table>
            """);
    }

    private static string Row(JsonObject invoice) => $"""
        <tr><td>{E(invoice.TextOrNull("number"))}</td><td>{E(PortalText.Date(invoice.Number("created")))}</td>
        <td class="amount">{E(Money.Display(invoice.Number("total"), invoice.Text("currency")))}</td><td>{E(PortalText.Status(invoice.Text("status")))}</td></tr>
        """;

    private static string ShopLinks(PortalVisit visit)
    {
        var profile = visit.Configuration.Object("business_profile");
        return Link("terms_of_service_url", "Terms") + Link("privacy_policy_url", "Privacy");

        string Link(string name, string text) => profile.TextOrNull(name) is { } url ? $"""<a href="{E(url)}">{text}</a> """ : "";
    }
}
