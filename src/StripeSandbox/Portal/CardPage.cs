using StripeSandbox.Checkout;
using StripeSandbox.Pages;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>The form for another card.</summary>
internal static class CardPage
{
    public static HostedPage Show(PortalVisit visit, string? error = null, string? name = null)
    {
        visit.Require(PortalVisit.UpdateCard);
        return PortalPage.Of(visit, "Update payment method", $"""
            <p>{(visit.Card is { } card ? $"Now: {E(MethodText.Of(card))}" : "No card is saved yet.")}</p>
            <form method="post" action="{E(visit.Path("/payment-method"))}">
              <input type="hidden" name="current" value="{E(CardChange.Mark(visit))}">
              <label for="card_number">Card number</label>
              <input id="card_number" name="card_number" inputmode="numeric" autocomplete="cc-number" required placeholder="4242 4242 4242 4242">
              <label for="exp">Expiry (MM/YY)</label>
              <input id="exp" name="exp" autocomplete="cc-exp" required placeholder="12/34">
              <label for="cvc">Security code</label>
              <input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" required placeholder="123">
              <label for="name">Name on card</label>
              <input id="name" name="name" autocomplete="cc-name" value="{E(name)}">
              <button type="submit">Save card</button>
            </form>
            {OpenInvoices.Html(visit)}
            {PortalPage.BackLink(visit)}
            """, error);
    }
}
