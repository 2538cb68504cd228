using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>A payment method in words, plain text.</summary>
internal static class MethodText
{
    /// <summary>As <c>Visa ending in 4242, expires 12/2034</c> or, of a bank account, <c>US bank account ending in 6789</c>.</summary>
    public static string Of(JsonObject method)
    {
        if (method.Text("type") is var type && type != MethodTypes.Card)
        {
            return $"{(type == MethodTypes.SepaDebit ? "SEPA debit account" : "US bank account")} ending in {method.Object(type).Text("last4")}";
        }

        var card = method.Object("card");
        return $"{Brand(card.Text("brand"))} ending in {card.Text("last4")}, expires {card.Number("exp_month"):00}/{card.Number("exp_year")}";
    }

    private static string Brand(string brand) => brand switch
    {
        "visa" => "Visa",
        "mastercard" => "Mastercard",
        "amex" => "American Express",
        "discover" => "Discover",
        _ => "Card",
    };
}
