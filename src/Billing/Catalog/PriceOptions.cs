namespace Billing.Catalog;

/// <summary>A price as we expect it at Stripe; it is refused there if it differs.</summary>
internal sealed class PriceOptions
{
    /// <summary>How the price is found at Stripe: by this key, or by <see cref="PriceId"/>; exactly one of the two.</summary>
    public string LookupKey { get; set; } = "";

    /// <summary>The price's id at Stripe, for prices without a lookup key.</summary>
    public string PriceId { get; set; } = "";

    /// <summary>Minor units of <see cref="Currency"/> per interval.</summary>
    public long Amount { get; set; } = -1;

    /// <summary>ISO 4217, lower case.</summary>
    public string Currency { get; set; } = "";

    /// <summary>Days that an org which never had a trial tries the plan for nothing. Default 0: no trial. At most 730, Stripe's limit [K].</summary>
    public int TrialDays { get; set; }

    /// <summary>What tells this price from the others of the catalog.</summary>
    public string Name => LookupKey.Length > 0 ? LookupKey : PriceId;

    public IEnumerable<string> Wrong(string key)
    {
        if ((LookupKey.Length > 0) == (PriceId.Length > 0) || Name.Length > 200)
        {
            yield return $"{key}:LookupKey is missing: set it, or PriceId in its place, to 1 to 200 characters.";
        }
        if (Amount < 0 || !Catalog.Currency.IsValid(Currency))
        {
            yield return $"{key} is incomplete: set Amount (minor units, 0 or more) and Currency (three lower-case letters).";
        }
        else if (Catalog.Currency.WhyNoAmount(Amount, Currency, least: 0) is { } reason)
        {
            yield return $"{key}:Amount cannot be charged: {reason}.";
        }
        if (TrialDays is < 0 or > 730)
        {
            yield return $"{key}:TrialDays is out of bounds: set it to 0 to 730.";
        }
    }
}
