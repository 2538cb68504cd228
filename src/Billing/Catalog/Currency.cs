namespace Billing.Catalog;

/// <summary>What Stripe takes as an amount of a currency, in its minor unit: cents, whole yen, fils (FACTS F.2).</summary>
internal static class Currency
{
    /// <summary>The most that Stripe charges at once: eight digits.</summary>
    public const long MaxAmount = 99_999_999;

    private static readonly HashSet<string> ThreeDecimal = ["bhd", "jod", "kwd", "omr", "tnd"];

    private static readonly HashSet<string> ZeroDecimal =
        ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"];

    /// <summary>An ISO 4217 code as Stripe writes it: three lower-case letters.</summary>
    public static bool IsValid(string code) => code.Length == 3 && code.All(char.IsAsciiLetterLower);

    /// <summary>The least that can be charged: Stripe asks for half a dollar or the like; what that is exactly differs by currency.</summary>
    public static long MinAmount(string currency) => ZeroDecimal.Contains(currency) ? 1 : ThreeDecimal.Contains(currency) ? 10 : 50;

    /// <summary>Why this amount of minor units cannot be charged, or null if it can.</summary>
    public static string? WhyNoAmount(long amount, string currency, long least)
    {
        if (amount < least || amount > MaxAmount)
        {
            return $"it must be {least} to {MaxAmount} minor units of {currency}";
        }
        return ThreeDecimal.Contains(currency) && amount % 10 != 0 ? $"amounts of {currency} must end in 0" : null;
    }
}
