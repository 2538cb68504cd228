using Billing.Persistence;

namespace Billing.Catalog;

/// <summary>One plan of the catalog; configuration section <c>Billing:Plans:{id}</c>.</summary>
internal sealed class PlanOptions
{
    /// <summary>Higher is better; decides which of two live subscriptions counts. Unique need not be. 1 or more.</summary>
    public int Rank { get; set; }

    /// <summary>The price per month, or null if it is not sold monthly.</summary>
    public PriceOptions? Monthly { get; set; }

    /// <summary>The price per year, or null if it is not sold annually.</summary>
    public PriceOptions? Annual { get; set; }

    public IEnumerable<PriceOptions> Prices => new[] { Monthly, Annual }.OfType<PriceOptions>();

    public PriceOptions? Price(BillingInterval interval) => interval == BillingInterval.Annual ? Annual : Monthly;

    public IEnumerable<string> Wrong(string key, string id)
    {
        if (id is PlanIds.Free || id.Length is < 1 or > 40 || !id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-'))
        {
            yield return $"{key} is no plan id: use 1 to 40 lower-case letters, digits, _ or -, and not 'free'.";
        }
        if (Rank < 1)
        {
            yield return $"{key}:Rank is missing: set it to 1 or more, higher for better plans.";
        }
        foreach (var (name, price) in new[] { ("Monthly", Monthly), ("Annual", Annual) })
        {
            if (price?.IsValid == false)
            {
                yield return $"{key}:{name} is incomplete: set LookupKey (1 to 200 characters), Amount (minor units, 0 or more) and Currency (three lower-case letters).";
            }
        }
    }
}

/// <summary>A price as we expect it at Stripe; it is refused there if it differs.</summary>
internal sealed class PriceOptions
{
    /// <summary>How the price is found at Stripe.</summary>
    public string LookupKey { get; set; } = "";

    /// <summary>Minor units of <see cref="Currency"/> per interval.</summary>
    public long Amount { get; set; } = -1;

    /// <summary>ISO 4217, lower case.</summary>
    public string Currency { get; set; } = "";

    public bool IsValid =>
        LookupKey.Length is >= 1 and <= 200 && Amount >= 0 && Currency.Length == 3 && Currency.All(char.IsAsciiLetterLower);
}
