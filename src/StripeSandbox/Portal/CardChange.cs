using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Checkout;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Portal;

/// <summary>
/// Another card: attached, and the default of the customer and of every live subscription. It charges nothing; an
/// invoice that waits for its money gets a button of its own.
/// </summary>
internal static class CardChange
{
    public const string Done = "Your new card is saved. It pays from the next invoice on.";

    /// <exception cref="Protocol.StripeError">402: the card is mistyped or declined. 409: the form is older than another change of card.</exception>
    public static IResult Run(PortalVisit visit, IFormCollection form)
    {
        visit.Require(PortalVisit.UpdateCard);
        if (visit.IsFinished)
        {
            return FlowCompletion.Go(visit);
        }

        var card = CardEntry.Read(form["card_number"], form["exp"], form["cvc"], form["name"], DateTimeOffset.FromUnixTimeSeconds(visit.Tx.Now));
        if (form["current"] is [{ Length: > 0 } current, ..] && current != Mark(visit))
        {
            // The same form sent twice has done its work already.
            return (visit.Card?["card"] as JsonObject)?.Text("fingerprint") == card.Fingerprint ? FlowCompletion.Go(visit) : throw PortalRefusals.Stale();
        }

        TestCards.Authorize(card);
        if (card.AsksForAuthentication)
        {
            return CardAuthentication.Ask(visit, card);
        }

        Save(visit, visit.Tx.Add(PaymentMethods.New(visit.Tx, card, visit.Customer.TextOrNull("email"))));
        return FlowCompletion.Go(visit, Done);
    }

    /// <summary>Which card a form was made over.</summary>
    public static string Mark(PortalVisit visit) => visit.Card?.Id() ?? "none";

    /// <summary>For a payment method that is being made.</summary>
    public static void Save(PortalVisit visit, JsonObject method)
    {
        var tx = visit.Tx;
        method["customer"] = visit.Customer.Id();
        tx.Emit("payment_method.attached", method);
        tx.Change("customer.updated", visit.Customer, edited => edited.Object("invoice_settings")["default_payment_method"] = method.Id());
        foreach (var subscription in visit.LiveSubscriptions.ToArray())
        {
            tx.Change("customer.subscription.updated", subscription, edited => edited["default_payment_method"] = method.Id());
        }
    }
}
