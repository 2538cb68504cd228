using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Checkout;

/// <summary>The hosted page of a session: the order and the form while it is open, else what became of it.</summary>
internal static class CheckoutPage
{
    private static readonly string[] Fields = [.. PaymentFields.Names, "email", "promotion_code"];

    /// <param name="refused">The form that the error is about: what it says of the buyer is not asked for again.</param>
    public static IResult Show(Transaction tx, JsonObject session, PageError? error = null, IFormCollection? refused = null) =>
        session.Text("status") == "open" ? Open(tx, session, error, refused) : EndedPage.Show(tx, session);

    public static IResult Unknown() => new HostedPage(404, "Not found", """<section class="card"><h1>Nothing to pay here</h1><p>This checkout page does not exist.</p></section>""");

    private static HostedPage Open(Transaction tx, JsonObject session, PageError? error, IFormCollection? refused)
    {
        var body = $"""
            <div class="columns">
              <section class="order" aria-label="Your order">{OrderSummary.Html(tx, session)}{PromotionField.Html(session, error, refused)}</section>
              <section class="card" aria-labelledby="payment">
                <h2 id="payment">Payment details</h2>
                {Form(tx, session, error, refused)}
              </section>
            </div>
            """;
        return new HostedPage(error?.Status ?? 200, error is null ? "Pay" : "Error: Pay", body)
        {
            IsWide = true,
            FormTarget = WebAddress.Origin(SuccessUrl.Of(session)),
            Bar = session.TextOrNull("cancel_url") is { } back ? BackTo(back, "Back to") : "",
        };
    }

    private static string Form(Transaction tx, JsonObject session, PageError? error, IFormCollection? refused)
    {
        var known = SessionCompletion.KnownEmail(tx, session);
        var email = new FormField("email", "Email")
        {
            Type = "email",
            Attributes = "autocomplete=\"email\"",
            Value = known ?? refused?["email"],
            IsRequired = true,
            IsLocked = known is not null,
            Hint = known is null ? null : "Given by the shop; it cannot be changed here.",
        };
        var name = new FormField("name", "Name on card or account") { Attributes = "autocomplete=\"name\"", Value = refused?["name"] };
        return $"""
            {PageError.Alert(error, Fields)}
            <form method="post" action="{E("/c/pay/" + session.Id())}">
              {email.Html(error)}
              {(SessionCompletion.IsFree(session) ? "<p>There is nothing to pay.</p>" : PaymentFields.Html(session, refused?["payment_method_type"], error, tx.Now) + name.Html(error))}
              <button class="block" type="submit">{E(Verb(tx, session))}</button>
            </form>
            <p class="hint">{SmallPrint(tx, session)}</p>
            """;
    }

    private static string Verb(Transaction tx, JsonObject session) => SessionCompletion.IsFree(session) ? "Complete order" : session.Text("mode") != "subscription"
        ? $"Pay {Money.Display(session.Number("amount_total"), session.Text("currency"))}"
        : TrialText.Of(tx, session) is null ? "Subscribe" : "Start trial";

    private static string SmallPrint(Transaction tx, JsonObject session) =>
        (RecurringText.Of(tx, session) is { } recurring ? $"Renews at {E(recurring)} until it is cancelled. " : "")
        + $"This page is open until {PageTime.Minute(session.Number("expires_at"))}.";
}
