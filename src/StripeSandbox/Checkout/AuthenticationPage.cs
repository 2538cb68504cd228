using System.Text.Json.Nodes;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Checkout;

/// <summary>
/// What stands in for the bank's window: one button each for a buyer who confirms and one who does not. Each is a form
/// that posts <c>outcome</c>, <c>complete</c> or <c>fail</c>.
/// </summary>
internal static class AuthenticationPage
{
    /// <param name="what">What is to be confirmed, as HTML: <c>a payment of $20.00</c>.</param>
    /// <param name="other">The path of the page to choose another card at.</param>
    public static string Html(string action, string what, JsonObject method, string other) => $"""
        <section class="card">
          <h1>3-D Secure: confirm it's you</h1>
          <p>Here the buyer's bank asks, in a window of its own, whether it is they who want {what} with this card. In the sandbox, you answer.</p>
          <dl class="facts"><div><dt>Card</dt><dd>{E(MethodText.Of(method))}</dd></div></dl>
          {Form(action, "complete", "Complete", "")}
          {Form(action, "fail", "Fail", " danger")}
          <p><a href="{E(other)}">Use another card</a></p>
        </section>
        """;

    private static string Form(string action, string outcome, string text, string kind) => $"""
        <form class="field" method="post" action="{E(action)}"><input type="hidden" name="outcome" value="{outcome}"><button class="block{kind}" type="submit">{text}</button></form>
        """;
}
