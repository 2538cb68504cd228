using System.Text.Json.Nodes;
using StripeSandbox.Pages;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Checkout;

/// <summary>The page of a session that is no longer open. It has no form: whoever comes back to it cannot pay twice.</summary>
internal static class EndedPage
{
    public static HostedPage Show(Transaction tx, JsonObject session) => session.Text("status") switch
    {
        "complete" when DelayedPayment.IsUnderWay(session) => Done(tx, session, "Payment under way", "Your order is placed",
            "Your bank has been asked for the payment and answers in about three days. There is nothing more to do here."),
        "complete" when session.Text("payment_status") == "unpaid" => new HostedPage(200, "Payment failed", $"""
            <section class="card">
              <h1>Your payment failed</h1>
              <p class="alert danger">Your bank returned the payment. This checkout cannot be used again.</p>
              {Link(session.TextOrNull("cancel_url"), "Back to")}
            </section>
            """),
        "complete" => Done(tx, session, "Already paid", "You're all done here", session.Text("payment_status") == "paid"
            ? "This checkout is already paid. You were charged once and will not be charged again."
            : "This checkout is complete. Nothing was charged today."),
        _ => new HostedPage(410, "Expired", $"""
            <section class="card">
              <h1>This page has expired</h1>
              <p>This checkout is no longer open. You have not been charged. Start again in the shop.</p>
              {Link(session.TextOrNull("cancel_url"), "Back to")}
            </section>
            """),
    };

    private static HostedPage Done(Transaction tx, JsonObject session, string title, string heading, string text) => new(200, title, $"""
        <section class="card">
          <h1>{heading}</h1>
          <p class="alert good">{text}</p>
          {OrderSummary.Lines(tx, session, "Total")}
          {Link(SuccessUrl.Of(session), "Continue to")}
        </section>
        """);

    private static string Link(string? url, string verb) =>
        url is null ? "" : $"""<p><a class="button block" href="{E(url)}">{verb} {E(new Uri(url).IdnHost)}</a></p>""";
}
