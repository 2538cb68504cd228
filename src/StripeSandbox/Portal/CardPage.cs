using StripeSandbox.Checkout;
using StripeSandbox.Pages;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Portal;

/// <summary>The form for another card.</summary>
internal static class CardPage
{
    public static HostedPage Show(PortalVisit visit, PageError? error = null, string? name = null)
    {
        visit.Require(PortalVisit.UpdateCard);
        return PortalPage.Of(visit, "Update payment method", $"""
            <section class="card" aria-label="New card">
              <p>{(visit.Card is { } card ? $"Now: {E(MethodText.Of(card))}" : "No card is saved yet.")}</p>
              <form method="post" action="{E(visit.Path("/payment-method"))}">
                <input type="hidden" name="current" value="{E(CardChange.Mark(visit))}">
                {CardFields.Html(error, required: true, visit.Tx.Now)}
                {new FormField("name", "Name on card") { Attributes = "autocomplete=\"cc-name\"", Value = name }.Html(error)}
                <button class="block" type="submit">Save card</button>
              </form>
              <p class="hint">Nothing is charged now. The card pays from the next invoice on.</p>
            </section>
            {OpenInvoices.Html(visit)}
            {PortalPage.BackLink(visit)}
            """, error, CardFields.Names);
    }
}
