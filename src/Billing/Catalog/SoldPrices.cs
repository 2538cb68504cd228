using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Catalog;

/// <summary>
/// Which plan a price meant when an org bought it. A price that was replaced loses its lookup key, and those who pay it keep their plan.
/// </summary>
internal static class SoldPrices
{
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>The same as <see cref="OfOrgsAsync"/> as a statement, for those who send several at once: what was bought first.</summary>
    /// <param name="orgs">What their ids equal, in SQL.</param>
    public static string Of(string orgs) =>
        $"""
        SELECT org_id, price_id, plan FROM (
            SELECT org_id, price_id, plan, 1 AS nearness FROM checkout_sessions WHERE org_id = {orgs} AND price_id IS NOT NULL
            UNION SELECT org_id, price_id, plan, 2 FROM subscriptions WHERE org_id = {orgs} AND price_id IS NOT NULL AND plan IS NOT NULL) sold
        ORDER BY nearness
        """;

    /// <summary>
    /// Price id → plan, of everything that this org started to buy, and of its subscriptions: those may have got another price in the portal.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, string>> OfOrgAsync(BillingDb db, string orgId, CancellationToken cancellationToken) =>
        (await OfOrgsAsync(db, [orgId], cancellationToken)).GetValueOrDefault(orgId, None);

    /// <summary>The same for each of several orgs; one that bought nothing is not in it.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> OfOrgsAsync(
        BillingDb db, IReadOnlyCollection<string> orgIds, CancellationToken cancellationToken)
    {
        var bought = db.CheckoutSessions.Where(session => orgIds.Contains(session.OrgId) && session.PriceId != null)
            .Select(session => new { session.OrgId, PriceId = session.PriceId!, Plan = session.Plan!, Nearness = 1 });
        var paid = db.Subscriptions.Where(row => orgIds.Contains(row.OrgId) && row.PriceId != null && row.Plan != null)
            .Select(row => new { row.OrgId, PriceId = row.PriceId!, Plan = row.Plan!, Nearness = 2 });
        var sold = await bought.Union(paid).ToListAsync(cancellationToken);
        return sold.GroupBy(price => price.OrgId).ToDictionary(
            org => org.Key,
            IReadOnlyDictionary<string, string> (org) => org.OrderBy(price => price.Nearness).DistinctBy(price => price.PriceId)
                .ToDictionary(price => price.PriceId, price => price.Plan));
    }
}
