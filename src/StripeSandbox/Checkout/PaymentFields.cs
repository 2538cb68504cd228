using System.Text.Json.Nodes;
using StripeSandbox.Pages;

namespace StripeSandbox.Checkout;

/// <summary>The fields of the page's form for what the session may be paid with. With a choice, the stylesheet hides those of the other way.</summary>
internal static class PaymentFields
{
    /// <summary>Every field that an error can stand at.</summary>
    public static readonly string[] Names = [.. CardFields.Names, "account_number"];

    private const string Delay = "A bank debit takes about three days. Your order is placed at once, and the shop hears when the money has arrived or was refused.";

    /// <param name="chosen">The <c>payment_method_type</c> of the form that was refused; null: cards.</param>
    public static string Html(JsonObject session, string? chosen, PageError? error, long now)
    {
        var types = session["payment_method_types"]!.AsArray().Select(type => type!.GetValue<string>()).ToArray();
        if (types.Length == 1)
        {
            return Of(types[0], required: true, error, now);
        }

        chosen = types.Contains(chosen) ? chosen : types[0];
        return $"""
            <fieldset class="methods">
              <legend>Pay with</legend>
              {string.Concat(types.Select(type => Choice(type, type == chosen)))}
              {string.Concat(types.Select(type => $"""<div class="panel of-{type}">{Of(type, required: false, error, now)}</div>"""))}
            </fieldset>
            """;
    }

    private static string Choice(string type, bool isChosen) => $"""
        <input id="pay_with_{type}" type="radio" name="payment_method_type" value="{type}"{(isChosen ? " checked" : "")}>
        <label for="pay_with_{type}">{(type switch { MethodTypes.UsBankAccount => "US bank account", MethodTypes.SepaDebit => "SEPA debit", _ => "Card" })}</label>
        """;

    // A required field of the way that is not chosen would keep the form from being sent: then the answer says what is missing.
    private static string Of(string type, bool required, PageError? error, long now) => type switch
    {
        MethodTypes.UsBankAccount => Bank("routing_number", "Routing number", BankEntry.TestRouting, required, error)
            + Bank("account_number", "Account number", BankEntry.TestAccount, required, error, "000111111116 fails after three days.")
            + $"""<p class="hint">{Delay}</p>""",
        MethodTypes.SepaDebit => new FormField("iban", "IBAN") { ErrorName = "account_number", Example = BankEntry.TestIban, IsRequired = required, Hint = "AT861904300235473202 fails after three days." }.Html(error)
            + $"""<p class="hint">{Delay}</p>""",
        _ => CardFields.Html(error, required, now),
    };

    private static string Bank(string name, string label, string example, bool required, PageError? error, string? hint = null) =>
        new FormField(name, label) { Attributes = "inputmode=\"numeric\" autocomplete=\"off\"", Example = example, IsRequired = required, Hint = hint }.Html(error);
}
