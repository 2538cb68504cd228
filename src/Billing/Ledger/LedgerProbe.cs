using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Ledger;

/// <summary>
/// Checks that ledgers add up (DESIGN rule 7): the entries to the org's row, without gaps; what is left of the grants to the balance; what
/// each grant was given and lost to what is left of it; the holds to what is held. A slice of orgs is one statement, and so of one moment.
/// </summary>
internal sealed class LedgerProbe(IDbContextFactory<BillingDb> databases)
{
    /// <summary>Checks orgs in the order of their ids.</summary>
    /// <param name="after">Orgs whose ids come after this one; empty: from the first.</param>
    /// <param name="count">How many, at most.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>What was found for each org that was looked at.</returns>
    public async Task<IReadOnlyList<LedgerFinding>> CheckAsync(string after, int count, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10)); // an org may have millions of entries
        return await Select(db, $"WHERE id > {after} ORDER BY id LIMIT {count}").ToListAsync(cancellationToken);
    }

    /// <summary>Checks one org; null if there is none.</summary>
    public async Task<LedgerFinding?> CheckAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await Select(db, $"WHERE id = {orgId}").ToListAsync(cancellationToken)).SingleOrDefault();
    }

    private static IQueryable<LedgerFinding> Select(BillingDb db, FormattableString orgs)
    {
        var sql = $$"""
            SELECT o.id AS "OrgId", concat_ws('; ',
                CASE WHEN o.balance <> e.balance THEN format('balance %s, entries add up to %s', o.balance, e.balance) END,
                CASE WHEN o.debt <> e.debt THEN format('debt %s, entries add up to %s', o.debt, e.debt) END,
                CASE WHEN o.ledger_length <> e.entries OR e.entries <> e.last
                    THEN format('%s entries expected, %s found, the last is number %s', o.ledger_length, e.entries, e.last) END,
                CASE WHEN o.balance <> g.remaining THEN format('balance %s, %s left of the grants', o.balance, g.remaining) END,
                CASE WHEN o.held <> h.held THEN format('%s held, holds add up to %s', o.held, h.held) END,
                CASE WHEN g.wrong > 0 THEN format('%s grants whose movements do not add up', g.wrong) END) AS "Wrong"
            FROM (SELECT id, balance, held, debt, ledger_length FROM orgs {{orgs.Format}}) o
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(balance_delta), 0) AS balance, coalesce(sum(debt_delta), 0) AS debt, count(*) AS entries,
                    coalesce(max(number), 0) AS last
                FROM credit_entries WHERE org_id = o.id) e
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(remaining), 0) AS remaining, count(*) FILTER (WHERE remaining <> moved) AS wrong
                FROM credit_grants, LATERAL (SELECT coalesce(sum(delta), 0) AS moved FROM credit_movements WHERE grant_id = credit_grants.id) m
                WHERE org_id = o.id) g
            CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS held FROM credit_holds WHERE org_id = o.id AND state = 'active') h
            """;
        return db.Database.SqlQueryRaw<LedgerFinding>(sql, orgs.GetArguments()!);
    }
}

/// <param name="OrgId">The org.</param>
/// <param name="Wrong">What does not add up, in words; empty if all does.</param>
internal sealed record LedgerFinding(string OrgId, string Wrong)
{
    public bool IsClean => Wrong.Length == 0;
}
