using System.Text.Json.Nodes;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Checkout;

/// <summary>The fields of the page's form for what the session may be paid with. With a choice, the stylesheet hides those of the other way.</summary>
internal static class PaymentFields
{
    /// <param name="chosen">The <c>payment_method_type</c> of the form that was refused; null: cards.</param>
    public static string Html(JsonObject session, string? chosen)
    {
        var types = session["payment_method_types"]!.AsArray().Select(type => type!.GetValue<string>()).ToArray();
        if (types.Length == 1)
        {
            return Of(types[0], required: true);
        }

        chosen = types.Contains(chosen) ? chosen : types[0];
        return $"""
            <fieldset class="choice">
              <legend>Pay with</legend>
              {string.Concat(types.Select(type => Choice(type, type == chosen)))}
              {string.Concat(types.Select(type => $"""<div class="{type}">{Of(type, required: false)}</div>"""))}
            </fieldset>
            """;
    }

    private static string Choice(string type, bool isChosen) => $"""
        <input id="pay_with_{type}" type="radio" name="payment_method_type" value="{type}"{(isChosen ? " checked" : "")}>
        <label for="pay_with_{type}">{(type switch { MethodTypes.UsBankAccount => "US bank account", MethodTypes.SepaDebit => "SEPA debit", _ => "Card" })}</label>
        """;

    // A required field of the way that is not chosen would keep the form from being sent: then the answer says what is missing.
    private static string Of(string type, bool required) => type switch
    {
        MethodTypes.UsBankAccount => Field("routing_number", "Routing number", "inputmode=\"numeric\"", BankEntry.TestRouting, required)
            + Field("account_number", "Account number", "inputmode=\"numeric\"", BankEntry.TestAccount, required),
        MethodTypes.SepaDebit => Field("iban", "IBAN", "", BankEntry.TestIban, required),
        _ => Field("card_number", "Card number", "inputmode=\"numeric\" autocomplete=\"cc-number\"", "4242 4242 4242 4242", required)
            + Field("exp", "Expiry (MM/YY)", "autocomplete=\"cc-exp\"", "12/34", required)
            + Field("cvc", "Security code", "inputmode=\"numeric\" autocomplete=\"cc-csc\"", "123", required),
    };

    private static string Field(string name, string label, string attributes, string example, bool required) => $"""
        <label for="{name}">{label}</label>
        <input id="{name}" name="{name}" {attributes}{(required ? " required" : "")} placeholder="{E(example)}">
        """;
}
