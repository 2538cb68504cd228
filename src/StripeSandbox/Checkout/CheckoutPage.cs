using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Checkout;

/// <summary>The HTML of the hosted page.</summary>
internal static class CheckoutPage
{
    /// <summary>The page of a session: the form while it is open, else a message and no form.</summary>
    /// <param name="refused">The form that the error is about: what it says of the buyer is not asked for again.</param>
    public static IResult Show(Transaction tx, JsonObject session, string? error = null, IFormCollection? refused = null) => session.Text("status") switch
    {
        "open" => Html(error is null ? 200 : 402, "Pay", Form(tx, session, error, refused), session),
        "complete" when DelayedPayment.IsUnderWay(session) => Html(200, "Payment under way", Message("You're all done here", "This checkout is complete. Your bank has been asked for the payment and answers in a few days."), session),
        "complete" when session.Text("payment_status") == "unpaid" => Html(200, "Payment failed", Message("Your payment failed", "Your bank returned the payment. This checkout cannot be used again."), session),
        "complete" => Html(200, "Already paid", Message("You're all done here", "This checkout is complete. You were charged once and will not be charged again."), session),
        _ => Html(410, "Expired", Message("This page has expired", "This checkout is no longer open. You have not been charged."), session),
    };

    public static IResult Unknown() => Html(404, "Not found", Message("Nothing to pay here", "This checkout page does not exist."), null);

    private static string Form(Transaction tx, JsonObject session, string? error, IFormCollection? refused)
    {
        var known = SessionCompletion.KnownEmail(tx, session);
        var total = Money.Display(session.Number("amount_total"), session.Text("currency"));
        var per = session.Elements("_line_items").Select(item => PriceText.PerInterval(tx.Get("price", item.Text("price")))).FirstOrDefault(text => text is not null);
        var trial = TrialText.Of(tx, session);
        return $"""
            <h1>{(per is null ? "Pay" : "Subscribe")}</h1>
            {(trial is null
                ? $"""<p class="total"><strong>{E(total)}</strong>{(per is null ? "" : " " + E(per))}</p>"""
                : $"""<p class="total"><strong>{E(trial)}</strong></p><p>Due today: {E(total)}</p>""")}
            <ul>{string.Concat(session.Elements("_line_items").Select(item => Line(tx, item)))}</ul>
            {(error is null ? "" : $"""<p class="error" role="alert">{E(error)}</p>""")}
            <form method="post" action="{E("/c/pay/" + session.Id())}">
              <label for="email">Email</label>
              <input id="email" name="email" type="email" autocomplete="email" required value="{E(known ?? refused?["email"])}"{(known is null ? "" : " readonly")}>
              {PaymentFields.Html(session, refused?["payment_method_type"])}
              <label for="name">Name on card or account</label>
              <input id="name" name="name" autocomplete="cc-name" value="{E(refused?["name"])}">
              <button type="submit">{(per is null ? "Pay " + E(total) : trial is null ? "Subscribe" : "Start trial")}</button>
            </form>
            {(session.TextOrNull("cancel_url") is { } back ? $"""<p><a href="{E(back)}">Back</a></p>""" : "")}
            """;
    }

    private static string Line(Transaction tx, JsonObject item)
    {
        var price = tx.Get("price", item.Text("price"));
        var quantity = item.Number("quantity");
        var (each, amount) = (Money.Display(price.Number("unit_amount"), item.Text("currency")), Money.Display(price.Number("unit_amount") * quantity, item.Text("currency")));
        var per = PriceText.PerInterval(price);
        return $"<li><span>{E(item.TextOrNull("description"))}{(quantity > 1 ? $" × {quantity}" : "")}</span>"
            + $"<span>{E(amount)}{(quantity > 1 ? $" ({E(each)} each)" : "")}{(per is null ? "" : " " + E(per))}</span></li>";
    }

    private static string Message(string title, string text) => $"<h1>{title}</h1><p>{text}</p>";

    private static HostedPage Html(int status, string title, string body, JsonObject? session) =>
        new(status, title, body) { FormTarget = session is null ? null : WebAddress.Origin(SuccessUrl.Of(session)) };
}
