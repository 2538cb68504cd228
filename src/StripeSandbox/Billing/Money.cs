using System.Globalization;
using StripeSandbox.Protocol;

namespace StripeSandbox.Billing;

/// <summary>Amounts are whole minor units of a currency (cents; whole yen), written in lower-case ISO codes.</summary>
internal static class Money
{
    /// <summary>The most that one price or payment may be: eight digits.</summary>
    public const long MaxAmount = 99_999_999;

    /// <summary>The least that can be charged, in dollars, euros and the like; the sandbox asks it of all currencies with cents.</summary>
    public const long MinCharge = 50;

    private static readonly HashSet<string> ZeroDecimal =
        ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"];

    private static readonly HashSet<string> ThreeDecimal = ["bhd", "jod", "kwd", "omr", "tnd"];

    private static readonly Dictionary<string, string> Symbols = new() { ["usd"] = "$", ["eur"] = "€", ["gbp"] = "£", ["jpy"] = "¥" };

    public static bool HasCents(string currency) => !ZeroDecimal.Contains(currency);

    public static string ReadCurrency(Params p, string name)
    {
        var currency = p.Required(name).ToLowerInvariant();
        if (currency.Length == 3 && currency.All(char.IsAsciiLetterLower))
        {
            return currency;
        }

        throw StripeError.BadParameter($"Invalid currency: {currency}.", p.PathOf(name));
    }

    /// <summary>For people: <c>$20.00</c>, <c>¥500</c>, <c>CHF 12.00</c>.</summary>
    public static string Display(long amount, string currency)
    {
        var decimals = ZeroDecimal.Contains(currency) ? 0 : ThreeDecimal.Contains(currency) ? 3 : 2;
        var value = Math.Abs(amount) / (decimal)Math.Pow(10, decimals);
        var prefix = Symbols.GetValueOrDefault(currency) ?? currency.ToUpperInvariant() + " ";
        return (amount < 0 ? "-" : "") + prefix + value.ToString("N" + decimals, CultureInfo.InvariantCulture);
    }
}
