using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.Checkout;
using StripeSandbox.Pages;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>3-D Secure for a card that is to be saved: it waits, attached to nobody, until the customer confirms.</summary>
internal static class CardAuthentication
{
    // The payment method that waits.
    private const string Awaited = "authenticates";

    public static IResult Ask(PortalVisit visit, CardEntry card)
    {
        var method = visit.Tx.Add(PaymentMethods.New(visit.Tx, card, visit.Customer.TextOrNull("email")));
        visit.Link[Awaited] = method.Id();
        return new SeeOther(Path(visit));
    }

    public static IResult Show(PortalVisit visit)
    {
        visit.Require(PortalVisit.UpdateCard);
        return Method(visit) is { } method
            ? PortalPage.Plain(visit, "3-D Secure", AuthenticationPage.Html(Path(visit), "later payments", method, visit.Path("/payment-method")))
            : new SeeOther(visit.Path());
    }

    public static IResult Answer(PortalVisit visit, IFormCollection form)
    {
        visit.Require(PortalVisit.UpdateCard);
        // Answered already, or put away by another card.
        if (Method(visit) is not { } method)
        {
            return FlowCompletion.Go(visit);
        }

        if (form["outcome"].ToString() is var outcome && outcome is not ("complete" or "fail"))
        {
            throw PortalRefusals.Invalid("Send the outcome: complete or fail.");
        }

        visit.Link.Remove(Awaited);
        if (outcome == "fail")
        {
            return CardPage.Show(visit, PageError.Of(Refusal.NotAuthenticated.ToError()), method.Object("billing_details").TextOrNull("name"));
        }

        CardChange.Save(visit, visit.Tx.Edit(method));
        return FlowCompletion.Go(visit, CardChange.Done);
    }

    private static JsonObject? Method(PortalVisit visit) => visit.Link.TextOrNull(Awaited) is { } id ? visit.Tx.Get(PaymentMethods.Type, id) : null;

    private static string Path(PortalVisit visit) => visit.Path("/payment-method/authenticate");
}
