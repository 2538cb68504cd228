using Billing.Persistence;

namespace Billing.Catalog;

/// <summary>One plan of the catalog; configuration section <c>Billing:Plans:{id}</c>.</summary>
internal sealed class PlanOptions
{
    /// <summary>Higher is better; decides which of two live subscriptions counts. Unique need not be. 1 or more.</summary>
    public int Rank { get; set; }

    /// <summary>Credits that each paid month brings, annual plans too. Default 0.</summary>
    public long MonthlyCredits { get; set; }

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
        if (MonthlyCredits is < 0 or > TopUpOptions.MostCredits)
        {
            yield return $"{key}:MonthlyCredits is out of bounds: set it to 0 to {TopUpOptions.MostCredits}.";
        }
        foreach (var (name, price) in new[] { ("Monthly", Monthly), ("Annual", Annual) })
        {
            foreach (var wrong in price?.Wrong($"{key}:{name}") ?? [])
            {
                yield return wrong;
            }
        }
    }
}
