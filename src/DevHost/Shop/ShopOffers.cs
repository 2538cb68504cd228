using System.Globalization;
using Billing;
using Billing.Catalog;
using static DevHost.Shop.ShopFrame;

namespace DevHost.Shop;

/// <summary>
/// What is for sale, as HTML, from the same catalog as the service's. The page only names a plan or a pack; what is charged is the
/// service's to say. Amounts are minor units; the script writes them as the reader's language does.
/// </summary>
internal sealed class ShopOffers(BillingOptions options)
{
    public string Plans => string.Concat(options.Plans.OrderBy(plan => plan.Value.Rank).Select(plan => Plan(plan.Key, plan.Value)));

    public string Packs => string.Concat(options.TopUps.Packs.OrderBy(pack => pack.Value.Credits).Select(pack => Pack(pack.Key, pack.Value)));

    public string Custom => options.TopUps.Custom is not { } custom ? "" : $"""
        <form id="custom" class="inline">
          <label for="credits">Another number</label>
          <input id="credits" name="credits" type="number" inputmode="numeric" required min="{custom.Minimum}" max="{custom.Maximum}" step="{custom.Step}" value="{custom.Minimum}">
          <button type="submit" class="quiet">Buy credits</button>
          <span class="hint">{Money(custom.AmountPerStep, options.TopUps.Currency)} for each {custom.Step}</span>
        </form>
        """;

    private static string Plan(string id, PlanOptions plan)
    {
        var name = Name(id);
        return $"""
            <li class="card plan" data-plan="{E(id)}">
              <h3>{E(name)}</h3>
              {(plan.Prices.Any() ? Price(plan.Monthly, "monthly", "a month") + Price(plan.Annual, "annual", "a year") : """<p class="price">Let us talk</p>""")}
              <p>{(plan.MonthlyCredits > 0 ? $"{Count(plan.MonthlyCredits)} credits every month" : "As many credits as you need")}</p>
              {(plan.Prices.Any()
                  ? $"""<button type="button" data-buy="{E(id)}" data-name="{E(name)}">Subscribe to {E(name)}</button>"""
                  : """<p class="hint">Sold by hand: no page can start it.</p>""")}
            </li>
            """;
    }

    private static string Price(PriceOptions? price, string interval, string per) => price is null
        ? $"""<p class="price {interval}">Not sold by the {per[2..]}</p>"""
        : $"""<p class="price {interval}"><strong>{Money(price.Amount, price.Currency)}</strong> {per}</p>""";

    private string Pack(string id, PackOptions pack) => $"""
        <li class="card pack">
          <h3>{Count(pack.Credits)} credits</h3>
          <p class="price"><strong>{Money(pack.Amount, options.TopUps.Currency)}</strong></p>
          <button type="button" class="quiet" data-pack="{E(id)}" aria-label="Buy {Count(pack.Credits)} credits">Buy</button>
        </li>
        """;

    private static string Money(long amount, string currency) =>
        $"""<data class="money" value="{amount}" data-currency="{E(currency)}">{amount} {E(currency)}</data>""";

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Name(string id) => char.ToUpperInvariant(id[0]) + id[1..];
}
