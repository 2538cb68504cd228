using Billing.Persistence;
using Npgsql;

namespace Billing.Ledger;

/// <summary>
/// Locks an org and loads its ledger in one round trip, so that a debit is one transaction of three: this, the writes, the commit
/// (DESIGN rule 7). What it loads is tracked by the context, which writes what changed.
/// </summary>
internal static class LockedLedger
{
    /// <summary>Locks and loads, in one round trip with what is to come before.</summary>
    /// <param name="db">In a transaction, and not tracking anything of this org.</param>
    /// <param name="orgId">An org.</param>
    /// <param name="now">The present: the holds that are to have ended by then are loaded.</param>
    /// <param name="holdId">A hold that is wanted whatever its state, or null.</param>
    /// <param name="key">The request's idempotency key, under which it may have debited before; or null.</param>
    /// <param name="before">Commands to run first in the same round trip.</param>
    /// <param name="readBefore">Reads what they found and goes on to the next result; null exactly if there are none.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>Null: no such org.</returns>
    public static async Task<LedgerParts?> LoadAsync(
        BillingDb db, string orgId, DateTimeOffset now, Guid? holdId, string? key, IEnumerable<NpgsqlBatchCommand> before,
        Func<NpgsqlDataReader, Task>? readBefore, CancellationToken cancellationToken)
    {
        await using var batch = db.NewBatch();
        foreach (var command in before)
        {
            batch.BatchCommands.Add(command);
        }
        var (orgs, allGrants, allHolds) = (EntityRows<Org>.Of(db), EntityRows<CreditGrant>.Of(db), EntityRows<CreditHold>.Of(db));
        // Each statement has a snapshot of its own (read committed), taken after the lock is there: what follows sees what the last
        // holder of the lock wrote.
        batch.BatchCommands.Add(BatchCommands.New($"SELECT {orgs.Columns} FROM orgs WHERE id = $1 FOR UPDATE", orgId));
        batch.BatchCommands.Add(BatchCommands.New($"SELECT {allGrants.Columns} FROM credit_grants WHERE org_id = $1 AND remaining > 0", orgId));
        batch.BatchCommands.Add(BatchCommands.New(
            // Not with OR, which may be planned as a look at all holds that the org ever had.
            $"""
            SELECT {allHolds.Columns} FROM credit_holds WHERE org_id = $1 AND state = 'active' AND expires_at <= $2
            UNION ALL
            SELECT {allHolds.Columns} FROM credit_holds WHERE id = $3 AND org_id = $1 AND NOT (state = 'active' AND expires_at <= $2)
            """, orgId, now, holdId ?? Guid.Empty));
        batch.BatchCommands.Add(BatchCommands.New(
            "SELECT number, balance_delta, balance_after, debt_after, created_at FROM credit_entries WHERE org_id = $1 AND idempotency_key = $2",
            orgId, key ?? ""));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (readBefore is not null)
        {
            await readBefore(reader);
        }
        var org = await reader.ReadAsync(cancellationToken) ? orgs.Read(reader) : null;
        var grants = await ListAsync(reader, allGrants.Read, cancellationToken);
        var holds = await ListAsync(reader, allHolds.Read, cancellationToken);
        var earlier = await ListAsync(reader, r => ReadDebit(r, orgId), cancellationToken);
        await reader.CloseAsync();
        if (org is null)
        {
            return null;
        }
        db.Attach(org);
        db.AttachRange(grants);
        db.AttachRange(holds);
        return new LedgerParts(org, grants, holds, earlier.SingleOrDefault());
    }

    private static CreditEntry ReadDebit(NpgsqlDataReader row, string orgId) => new()
    {
        OrgId = orgId,
        Number = row.GetInt64(0),
        Kind = CreditEntryKind.Debit,
        BalanceDelta = row.GetInt64(1),
        DebtDelta = 0,
        BalanceAfter = row.GetInt64(2),
        DebtAfter = row.GetInt64(3),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(4),
    };

    private static async Task<List<T>> ListAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }
        return rows;
    }
}

/// <param name="EarlierDebit">The debit that was booked under the request's key.</param>
internal sealed record LedgerParts(Org Org, List<CreditGrant> Grants, List<CreditHold> Holds, CreditEntry? EarlierDebit);
