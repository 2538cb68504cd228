namespace Billing.Catalog;

/// <summary>Credits for sale apart from plans; configuration section <c>Billing:TopUps</c>. Without a currency none are sold.</summary>
internal sealed class TopUpOptions
{
    /// <summary>The most credits of one grant: far below what 64 bits hold, so that sums cannot overflow.</summary>
    public const long MostCredits = 1_000_000_000_000;

    /// <summary>ISO 4217, lower case, of every pack and custom amount.</summary>
    public string Currency { get; set; } = "";

    /// <summary>What the payment page calls them. Default <c>credits</c>, as in "500 credits".</summary>
    public string Unit { get; set; } = "credits";

    /// <summary>Fixed offers by id, such as <c>Billing:TopUps:Packs:small</c>.</summary>
    public Dictionary<string, PackOptions> Packs { get; } = [];

    /// <summary>Any number of credits within bounds; null: only packs are sold.</summary>
    public CustomTopUpOptions? Custom { get; set; }

    public bool AreSold => Currency.Length > 0;

    public IEnumerable<string> Wrong(string key)
    {
        if (!AreSold)
        {
            return Packs.Count > 0 || Custom is not null ? [$"{key}:Currency is missing: set it to three lower-case letters."] : [];
        }
        if (!Catalog.Currency.IsValid(Currency))
        {
            return [$"{key}:Currency is no currency: set it to three lower-case letters."];
        }
        return [
            .. Unit.Length is < 1 or > 40 ? new[] { $"{key}:Unit is empty or too long: set it to 1 to 40 characters." } : [],
            .. Packs.SelectMany(pack => pack.Value.Wrong($"{key}:Packs:{pack.Key}", pack.Key, Currency)),
            .. Custom?.Wrong($"{key}:Custom", Currency) ?? []];
    }
}

/// <summary>A fixed number of credits for a fixed amount.</summary>
internal sealed class PackOptions
{
    public long Credits { get; set; }

    /// <summary>Minor units.</summary>
    public long Amount { get; set; }

    public IEnumerable<string> Wrong(string key, string id, string currency)
    {
        if (id.Length is < 1 or > 40 || !id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-'))
        {
            yield return $"{key} is no pack id: use 1 to 40 lower-case letters, digits, _ or -.";
        }
        if (Credits is < 1 or > TopUpOptions.MostCredits)
        {
            yield return $"{key}:Credits is out of bounds: set it to 1 to {TopUpOptions.MostCredits}.";
        }
        if (Currency.WhyNoAmount(Amount, currency, Currency.MinAmount(currency)) is { } reason)
        {
            yield return $"{key}:Amount cannot be charged: {reason}.";
        }
    }
}

/// <summary>Credits in steps, each step at the same price.</summary>
internal sealed class CustomTopUpOptions
{
    /// <summary>The fewest credits; a multiple of <see cref="Step"/>.</summary>
    public long Minimum { get; set; }

    /// <summary>The most credits; a multiple of <see cref="Step"/>.</summary>
    public long Maximum { get; set; }

    /// <summary>Credits are sold in multiples of this. Default 1.</summary>
    public long Step { get; set; } = 1;

    /// <summary>Minor units per <see cref="Step"/>.</summary>
    public long AmountPerStep { get; set; }

    /// <summary>Minor units for so many credits, a multiple of <see cref="Step"/> within the bounds.</summary>
    public long AmountOf(long credits) => checked(credits / Step * AmountPerStep);

    public bool Allows(long credits) => credits >= Minimum && credits <= Maximum && credits % Step == 0;

    public IEnumerable<string> Wrong(string key, string currency)
    {
        if (Step < 1 || Minimum < 1 || Maximum < Minimum || Maximum > TopUpOptions.MostCredits || Minimum % Step != 0 || Maximum % Step != 0)
        {
            yield return $"{key} has no sound bounds: set Step to 1 or more, and Minimum and Maximum to multiples of it, at most {TopUpOptions.MostCredits}.";
        }
        else if (AmountPerStep is < 1 or > Currency.MaxAmount || Maximum / Step > Currency.MaxAmount / AmountPerStep)
        {
            yield return $"{key}:AmountPerStep is out of bounds: Maximum credits must cost at most {Currency.MaxAmount} minor units.";
        }
        else if ((Currency.WhyNoAmount(AmountOf(Minimum), currency, Currency.MinAmount(currency))
            ?? Currency.WhyNoAmount(AmountPerStep, currency, least: 1)) is { } reason)
        {
            yield return $"{key}:Minimum or AmountPerStep gives what cannot be charged: {reason}.";
        }
    }
}
