using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.Checkout;
using StripeSandbox.Pages;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>Invoices that wait for their money, each with a button that charges the saved card.</summary>
internal static class OpenInvoices
{
    public static string Html(PortalVisit visit) => string.Concat(Of(visit).Select(invoice => Form(visit, invoice)));

    public static bool IsPayable(JsonObject invoice) => invoice.Text("status") == "open" && !Collection.IsUnderWay(invoice);

    /// <summary>The button that pays it; empty when there is nothing to pay.</summary>
    public static string Form(PortalVisit visit, JsonObject invoice) => !IsPayable(invoice) ? "" : $"""
        <form class="alert danger" method="post" action="{E(visit.Path($"/invoices/{invoice.Id()}/pay"))}">
          <p>Invoice {E(invoice.TextOrNull("number"))} is not paid yet: {E(Due(invoice))}{(CardFor(visit, invoice) is { } card ? $", from {E(MethodText.Of(card))}" : "")}.</p>
          <button type="submit">Pay {E(Due(invoice))} now</button>
        </form>
        """;

    /// <exception cref="StripeError">404, 409: there is nothing to pay, or no card.</exception>
    public static IResult Pay(PortalVisit visit, string id, bool isConfirmed = false)
    {
        var tx = visit.Tx;
        var invoice = Find(visit, id);
        if (invoice.Text("status") == "paid")
        {
            return FlowCompletion.Back(visit, null);
        }

        if (invoice.Text("status") != "open")
        {
            throw PortalRefusals.Blocked($"This invoice is {PortalText.Status(invoice.Text("status")).ToLowerInvariant()}. There is nothing to pay.");
        }

        if (Collection.IsUnderWay(invoice))
        {
            throw PortalRefusals.Blocked("This invoice is being paid: the bank has not answered yet.");
        }

        var card = CardFor(visit, invoice) ?? throw PortalRefusals.Blocked("There is no card to charge. Save one first.");
        if (!isConfirmed && Refusal.Of(card) == Refusal.NeedsAuthentication)
        {
            return new SeeOther(InvoiceAuthentication.Path(visit, invoice));
        }

        var edited = tx.Edit(invoice);
        // A refused attempt counts, as one over the API does.
        return Dunning.Collect(tx, edited, card, new CollectionOrder("Payment for Invoice", Automatic: false, tx.Now) { IsConfirmed = isConfirmed }) is { } refusal
            ? PortalEntry.Show(visit, new PageError(refusal.Message, null)) : FlowCompletion.Back(visit, $"Invoice {invoice.TextOrNull("number")} is paid.");
    }

    /// <exception cref="StripeError">404: there is no such invoice of the customer.</exception>
    public static JsonObject Find(PortalVisit visit, string id) =>
        visit.Tx.Find(Invoices.Type, id) is { } invoice && invoice.TextOrNull("customer") == visit.Customer.Id() ? invoice : throw PortalRefusals.NoInvoice();

    private static IEnumerable<JsonObject> Of(PortalVisit visit) =>
        visit.Tx.NewestFirst(Invoices.Type).Where("customer", visit.Customer.Id()).Where(IsPayable);

    private static string Due(JsonObject invoice) => Money.Display(invoice.Number("amount_remaining"), invoice.Text("currency"));

    public static JsonObject? CardFor(PortalVisit visit, JsonObject invoice) =>
        Invoices.SubscriptionOf(invoice) is { } id && visit.Tx.Find(Subscriptions.Type, id) is { } subscription ? visit.CardOf(subscription) : visit.Card;
}
