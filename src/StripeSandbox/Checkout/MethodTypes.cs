using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>The ways to pay: cards, and the debits of bank accounts, which take dollars (ACH) or euros (SEPA) only.</summary>
internal static class MethodTypes
{
    public const string Card = "card";
    public const string UsBankAccount = "us_bank_account";
    public const string SepaDebit = "sepa_debit";

    /// <summary>All that a payment in the currency may use.</summary>
    public static string[] For(string currency) => currency switch
    {
        "usd" => [Card, UsBankAccount],
        "eur" => [Card, SepaDebit],
        _ => [Card],
    };

    /// <summary>A new session's: those asked for, else all of its currency, as with a Stripe account that has them switched on.</summary>
    public static JsonArray Read(Params p, string currency)
    {
        var possible = For(currency);
        var asked = p.Texts("payment_method_types");
        foreach (var type in asked.Where(type => !possible.Contains(type)))
        {
            throw type is UsBankAccount or SepaDebit
                ? StripeError.BadParameter($"The payment method type provided: {type} is invalid. It does not support the currency {currency}.", "payment_method_types")
                : StripeError.NotEmulated("payment_method_types");
        }

        return ToJson(asked.Count == 0 ? possible : asked);
    }

    public static JsonArray ToJson(IEnumerable<string> types) => new([.. types.Select(type => JsonValue.Create(type))]);

    public static bool Takes(JsonObject session, string type) => session["payment_method_types"]!.AsArray().Any(taken => taken!.GetValue<string>() == type);

    /// <summary>Whether the bank answers to a charge of the payment method only days later.</summary>
    public static bool IsDelayed(JsonObject method) => method.Text("type") != Card;
}
