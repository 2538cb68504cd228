using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.Pages;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>Invoices that wait for their money, each with a button that charges the saved card.</summary>
internal static class OpenInvoices
{
    public static string Html(PortalVisit visit) => string.Concat(Of(visit).Select(invoice => $"""
        <form class="open-invoice" method="post" action="{E(visit.Path($"/invoices/{invoice.Id()}/pay"))}">
          <p>Invoice {E(invoice.TextOrNull("number"))} is not paid yet: {E(Due(invoice))}{(CardFor(visit, invoice) is { } card ? $", from {E(PortalText.Card(card))}" : "")}.</p>
          <button type="submit">Pay {E(Due(invoice))} now</button>
        </form>
        """));

    /// <exception cref="StripeError">402: the card is declined; then nothing changes. 404, 409: there is nothing to pay, or no card.</exception>
    public static IResult Pay(PortalVisit visit, string id)
    {
        var tx = visit.Tx;
        if (tx.Find(Invoices.Type, id) is not { } invoice || invoice.TextOrNull("customer") != visit.Customer.Id())
        {
            throw PortalRefusals.NoInvoice();
        }

        if (invoice.Text("status") == "paid")
        {
            return new SeeOther(visit.Path());
        }

        if (invoice.Text("status") != "open")
        {
            throw PortalRefusals.Blocked($"This invoice is {PortalText.Status(invoice.Text("status")).ToLowerInvariant()}. There is nothing to pay.");
        }

        var card = CardFor(visit, invoice) ?? throw PortalRefusals.Blocked("There is no card to charge. Save one first.");
        var edited = tx.Edit(invoice);
        Invoicing.Collect(tx, edited, card, $"Payment for invoice {edited.TextOrNull("number")}");
        RequirePaid(edited);
        Recover(visit, edited);
        return new SeeOther(visit.Path());
    }

    /// <summary>Stands for "nothing changes" if an invoice could not be collected: the refusal takes the whole transaction back.</summary>
    /// <exception cref="StripeError">402: it is not paid.</exception>
    public static void RequirePaid(JsonObject invoice)
    {
        if (invoice.Text("status") != "paid")
        {
            throw StripeError.Declined("Your card was declined. Nothing was changed; use another card.", "card_declined", "generic_decline");
        }
    }

    private static IEnumerable<JsonObject> Of(PortalVisit visit) =>
        visit.Tx.NewestFirst(Invoices.Type).Where("customer", visit.Customer.Id()).Where("status", "open");

    private static string Due(JsonObject invoice) => Money.Display(invoice.Number("amount_remaining"), invoice.Text("currency"));

    private static JsonObject? CardFor(PortalVisit visit, JsonObject invoice) =>
        Invoices.SubscriptionOf(invoice) is { } id && visit.Tx.Find(Subscriptions.Type, id) is { } subscription ? visit.CardOf(subscription) : visit.Card;

    // The last debt paid, the subscription goes on (FACTS C.3, 3).
    private static void Recover(PortalVisit visit, JsonObject paid)
    {
        if (Invoices.SubscriptionOf(paid) is { } id && visit.Tx.Find(Subscriptions.Type, id) is { } subscription
            && subscription.Text("status") is "past_due" or "unpaid" or "incomplete"
            && !Of(visit).Any(other => Invoices.SubscriptionOf(other) == id))
        {
            visit.Tx.Change("customer.subscription.updated", subscription, edited => edited["status"] = "active");
        }
    }
}
