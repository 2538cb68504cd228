using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Ledger;

/// <summary>
/// Checks that ledgers add up (DESIGN rule 7): the entries to the org's row, without gaps and each to the one before; the movements to the
/// entries, and to what each grant was given, lost to time and has left; what is left of the grants to the balance; what was taken back to
/// the grants; the holds to what is held and was settled. A slice of orgs is one statement, and so of one moment.
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
                CASE WHEN e.astray > 0 THEN format('%s entries that do not follow from the one before', e.astray) END,
                CASE WHEN e.unmoved > 0 THEN format('%s entries whose movements do not add up', e.unmoved) END,
                CASE WHEN o.balance <> g.remaining THEN format('balance %s, %s left of the grants', o.balance, g.remaining) END,
                CASE WHEN o.held <> h.held THEN format('%s held, holds add up to %s', o.held, h.held) END,
                CASE WHEN e.settled <> h.settled THEN format('%s settled, holds add up to %s', e.settled, h.settled) END,
                CASE WHEN e.reversed <> g.reversed THEN format('%s taken back, grants add up to %s', e.reversed, g.reversed) END,
                CASE WHEN g.wrong > 0 THEN format('%s grants whose movements do not add up', g.wrong) END) AS "Wrong"
            FROM (SELECT id, balance, held, debt, ledger_length FROM orgs {{orgs.Format}}) o
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(balance_delta), 0) AS balance, coalesce(sum(debt_delta), 0) AS debt, count(*) AS entries,
                    coalesce(max(number), 0) AS last,
                    count(*) FILTER (WHERE balance_after <> balance_before + balance_delta OR debt_after <> debt_before + debt_delta) AS astray,
                    count(*) FILTER (WHERE balance_delta <> moved) AS unmoved,
                    coalesce(-sum(balance_delta) FILTER (WHERE kind = 'hold_settlement'), 0) AS settled,
                    coalesce(sum(debt_delta - balance_delta) FILTER (WHERE kind IN ('reversal', 'reinstatement')), 0) AS reversed
                FROM (
                    SELECT entry.*, coalesce(m.moved, 0) AS moved,
                        lag(balance_after, 1, 0::bigint) OVER (ORDER BY number) AS balance_before, lag(debt_after, 1, 0::bigint) OVER (ORDER BY number) AS debt_before
                    FROM credit_entries entry
                    LEFT JOIN (SELECT entry_number, sum(delta) AS moved FROM credit_movements WHERE org_id = o.id GROUP BY entry_number) m ON entry_number = number
                    WHERE org_id = o.id) entries) e
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(remaining), 0) AS remaining, coalesce(sum(reversed), 0) AS reversed,
                    count(*) FILTER (WHERE (remaining, amount, g.expired) IS DISTINCT FROM (m.moved, m.granted, m.expired)) AS wrong
                FROM credit_grants g
                LEFT JOIN (
                    SELECT grant_id, sum(delta)::bigint AS moved, sum(delta) FILTER (WHERE kind = 'grant')::bigint AS granted,
                        coalesce(-sum(delta) FILTER (WHERE kind = 'expiry'), 0)::bigint AS expired
                    FROM credit_movements movement
                    JOIN credit_entries entry ON entry.org_id = o.id AND number = entry_number
                    WHERE movement.org_id = o.id GROUP BY grant_id) m ON grant_id = id
                WHERE g.org_id = o.id) g
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(amount) FILTER (WHERE state = 'active'), 0) AS held, coalesce(sum(settled), 0) AS settled
                FROM credit_holds WHERE org_id = o.id) h
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
