using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.Checkout;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>3-D Secure for an open invoice: the customer is there now, as nobody was when the renewal failed for want of them.</summary>
internal static class InvoiceAuthentication
{
    public static string Path(PortalVisit visit, JsonObject invoice) => visit.Path($"/invoices/{invoice.Id()}/authenticate");

    public static IResult Show(PortalVisit visit, string id)
    {
        var invoice = OpenInvoices.Find(visit, id);
        if (!OpenInvoices.IsPayable(invoice) || OpenInvoices.CardFor(visit, invoice) is not { } card)
        {
            return new SeeOther(visit.Path());
        }

        var what = $"a payment of <strong>{E(Money.Display(invoice.Number("amount_remaining"), invoice.Text("currency")))}</strong>";
        return PortalPage.Plain(visit, "3-D Secure", AuthenticationPage.Html(Path(visit, invoice), what, card, visit.Path("/payment-method")));
    }

    public static IResult Answer(PortalVisit visit, string id, IFormCollection form) => form["outcome"].ToString() switch
    {
        "complete" => OpenInvoices.Pay(visit, id, isConfirmed: true),
        "fail" => PortalEntry.Show(visit, new PageError(Refusal.NotAuthenticated.Message, null)),
        _ => throw PortalRefusals.Invalid("Send the outcome: complete or fail."),
    };
}
