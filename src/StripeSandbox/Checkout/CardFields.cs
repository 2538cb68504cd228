using System.Globalization;
using StripeSandbox.Pages;

namespace StripeSandbox.Checkout;

/// <summary>The fields of a card, and which numbers do what; the checkout page and the portal ask for it alike.</summary>
internal static class CardFields
{
    private static readonly (string Number, string Effect)[] Hints =
    [
        ("4242 4242 4242 4242", "Pays"),
        ("4000 0025 0000 3155", "Asks for 3-D Secure now, not at renewals"),
        ("4000 0027 6000 3184", "Asks for 3-D Secure each time, so renewals fail"),
        ("4000 0082 6000 3178", "Asks for 3-D Secure, then has insufficient funds"),
        ("4000 0084 0000 1629", "Asks for 3-D Secure, then is declined"),
        ("4000 0000 0000 0002", "Is declined"),
        ("4000 0000 0000 9995", "Has insufficient funds"),
        ("4000 0000 0000 0341", "Can be saved, then declines every charge"),
        ("4000 0000 0000 0259", "Pays, and is disputed a minute later"),
    ];

    /// <param name="now">Unix seconds: the example does not expire as the clock moves on.</param>
    public static string Html(PageError? error, bool required, long now)
    {
        var exp = $"12/{(DateTimeOffset.FromUnixTimeSeconds(now).Year + 4) % 100:00}";
        return $"""
            {new FormField("card_number", "Card number") { Attributes = "inputmode=\"numeric\" autocomplete=\"cc-number\" maxlength=\"23\"", Example = "4242 4242 4242 4242", IsRequired = required }.Html(error)}
            <div class="pair">
              {new FormField("exp", "Expiry (MM/YY)") { Attributes = "inputmode=\"numeric\" autocomplete=\"cc-exp\" maxlength=\"9\"", Example = exp, IsRequired = required }.Html(error)}
              {new FormField("cvc", "Security code") { Attributes = "inputmode=\"numeric\" autocomplete=\"cc-csc\" maxlength=\"4\"", Example = "123", IsRequired = required }.Html(error)}
            </div>
            <details>
              <summary>Test cards</summary>
              <p class="hint">Any expiry date to come, any security code.</p>
              <ul class="cards">{string.Concat(Hints.Select(hint => Hint(hint.Number, hint.Effect, exp)))}</ul>
            </details>
            """;
    }

    public static readonly string[] Names = ["card_number", "exp", "cvc"];

    private static string Hint(string number, string effect, string exp) =>
        string.Create(CultureInfo.InvariantCulture, $"""<li data-card="{number}" data-exp="{exp}" data-cvc="123"><code>{number}</code><span>{effect}</span></li>""");
}
