using Billing.Persistence;
using Microsoft.EntityFrameworkCore.Storage;
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
        var transaction = (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var command in before)
        {
            batch.BatchCommands.Add(command);
        }
        // Each statement has a snapshot of its own (read committed), taken after the lock is there: what follows sees what the last
        // holder of the lock wrote.
        batch.BatchCommands.Add(BatchCommands.New("SELECT " + OrgColumns + " FROM orgs WHERE id = $1 FOR UPDATE", orgId));
        batch.BatchCommands.Add(BatchCommands.New("SELECT " + GrantColumns + " FROM credit_grants WHERE org_id = $1 AND remaining > 0", orgId));
        batch.BatchCommands.Add(BatchCommands.New(
            "SELECT " + HoldColumns + " FROM credit_holds WHERE org_id = $1 AND (state = 'active' AND expires_at <= $2 OR id = $3)",
            orgId, now, holdId ?? Guid.Empty));
        batch.BatchCommands.Add(BatchCommands.New(
            "SELECT number, balance_delta, balance_after, debt_after, created_at FROM credit_entries WHERE org_id = $1 AND idempotency_key = $2",
            orgId, key ?? ""));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (readBefore is not null)
        {
            await readBefore(reader);
        }
        var org = await reader.ReadAsync(cancellationToken) ? ReadOrg(reader, orgId) : null;
        var grants = await ListAsync(reader, r => ReadGrant(r, orgId), cancellationToken);
        var holds = await ListAsync(reader, r => ReadHold(r, orgId), cancellationToken);
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

    private const string OrgColumns =
        "balance, held, debt, ledger_length, grant_month_start, grant_month_end, grant_month_credits, credits_per_month, credits_from, credits_until, credits_invoice_id, "
        + "free_month_end, free_month_credits, created_at, credits_upgrade, credits_upgrade_invoice_id, plan_until";

    private const string GrantColumns =
        "id, source, source_key, amount, remaining, expires_at, reversed, invoice_id, payment_intent_id, created_at, month_start, month_level, expired";

    private const string HoldColumns = "id, amount, state, settled, reason, expires_at, created_at";

    private static Org ReadOrg(NpgsqlDataReader row, string id) => new()
    {
        Id = id,
        Balance = row.GetInt64(0),
        Held = row.GetInt64(1),
        Debt = row.GetInt64(2),
        LedgerLength = row.GetInt64(3),
        GrantMonthStart = Time(row, 4),
        GrantMonthEnd = Time(row, 5),
        GrantMonthCredits = row.GetInt64(6),
        CreditsPerMonth = row.GetInt64(7),
        CreditsFrom = Time(row, 8),
        CreditsUntil = Time(row, 9),
        CreditsInvoiceId = Text(row, 10),
        FreeMonthEnd = Time(row, 11),
        FreeMonthCredits = row.GetInt64(12),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(13),
        CreditsUpgrade = row.GetInt64(14),
        CreditsUpgradeInvoiceId = Text(row, 15),
        PlanUntil = Time(row, 16),
    };

    private static CreditGrant ReadGrant(NpgsqlDataReader row, string orgId) => new()
    {
        Id = row.GetGuid(0),
        OrgId = orgId,
        Source = EnumWords<CreditSource>.From(row.GetString(1)),
        SourceKey = row.GetString(2),
        Amount = row.GetInt64(3),
        Remaining = row.GetInt64(4),
        ExpiresAt = Time(row, 5),
        Reversed = row.GetInt64(6),
        InvoiceId = Text(row, 7),
        PaymentIntentId = Text(row, 8),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(9),
        MonthStart = Time(row, 10),
        MonthLevel = row.IsDBNull(11) ? null : row.GetInt64(11),
        Expired = row.GetInt64(12),
    };

    private static CreditHold ReadHold(NpgsqlDataReader row, string orgId) => new()
    {
        Id = row.GetGuid(0),
        OrgId = orgId,
        Amount = row.GetInt64(1),
        State = EnumWords<HoldState>.From(row.GetString(2)),
        Settled = row.IsDBNull(3) ? null : row.GetInt64(3),
        Reason = Text(row, 4),
        ExpiresAt = row.GetFieldValue<DateTimeOffset>(5),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(6),
    };

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

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <param name="EarlierDebit">The debit that was booked under the request's key.</param>
internal sealed record LedgerParts(Org Org, List<CreditGrant> Grants, List<CreditHold> Holds, CreditEntry? EarlierDebit);
