using System.Data.Common;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Background;

/// <summary>
/// Rows of a table that are marked to be read again from Stripe: <c>re_read_due_at</c> says when, <c>re_read_requests</c> counts the marks,
/// <c>re_read_attempts</c> the failures since the last one, and <c>re_read_claimed_until</c> is the lease of the host that reads it. All
/// times are the database's (DESIGN rule 10).
/// </summary>
/// <param name="databases">Where.</param>
/// <param name="table">With these columns, <c>id</c> and <c>org_id</c>; a constant, as it goes into the SQL.</param>
internal sealed class ReReadQueue(IDbContextFactory<BillingDb> databases, string table)
{
    /// <summary>The failure that parks a row, 2 to 4 hours after the first. Until then it is read after 1 s, 2.5 s, 6 s ... 1 h.</summary>
    public const int ParkedAfter = 12;

    /// <summary>Longer than a read may take, so that only a dead host's runs out.</summary>
    private static readonly TimeSpan ClaimDuration = TimeSpan.FromMinutes(2);

    /// <summary>How often a parked row is tried all the same.</summary>
    private static readonly TimeSpan ParkedPause = TimeSpan.FromHours(6);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>While Stripe itself is in trouble: short, so that all is caught up with soon after.</summary>
    private static readonly TimeSpan LongestOutagePause = TimeSpan.FromMinutes(10);

    public string Table => table;

    /// <summary>
    /// Takes due rows, the longest due first, of each org at most one that nobody reads another row of: so an org's marks are worked off in
    /// order, and however many they are, the other orgs get their turn.
    /// </summary>
    public async Task<List<ReadClaim>> ClaimAsync(int atMost, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(await ConnectAsync(db, cancellationToken));
        // A batch is one transaction, and its second statement sees what was committed when it begins: with the lock, every earlier claim.
        batch.BatchCommands.Add(BatchCommands.New("SELECT pg_advisory_xact_lock(hashtext('re-reads'), hashtext($1))", table));
        batch.BatchCommands.Add(BatchCommands.New(
            $"""
            WITH waiting AS (
                SELECT id, org_id, re_read_due_at FROM {table} w
                WHERE re_read_due_at <= statement_timestamp()
                  AND (re_read_claimed_until IS NULL OR re_read_claimed_until < statement_timestamp())
                  AND NOT EXISTS (
                      SELECT FROM {table} other WHERE other.org_id = w.org_id AND other.re_read_claimed_until >= statement_timestamp())
                ORDER BY re_read_due_at LIMIT 100),
            first_of_org AS (
                SELECT DISTINCT ON (coalesce(org_id, id)) id, re_read_due_at FROM waiting ORDER BY coalesce(org_id, id), re_read_due_at),
            -- Marks are made without the advisory lock; a row that is being marked just now is found when that is done.
            free AS (
                SELECT t.id FROM {table} t JOIN first_of_org f ON f.id = t.id
                WHERE t.re_read_due_at <= statement_timestamp()
                ORDER BY f.re_read_due_at LIMIT $1 FOR UPDATE OF t SKIP LOCKED)
            UPDATE {table} SET re_read_claimed_until = clock_timestamp() + $2 WHERE id IN (SELECT id FROM free)
            RETURNING id, org_id, re_read_requests, re_read_claimed_until
            """, atMost, ClaimDuration));
        var claims = new List<ReadClaim>();
        await using var found = await batch.ExecuteReaderAsync(cancellationToken);
        await found.NextResultAsync(cancellationToken);
        while (await found.ReadAsync(cancellationToken))
        {
            claims.Add(new ReadClaim(
                found.GetString(0), found.IsDBNull(1) ? null : found.GetString(1), found.GetInt64(2), found.GetFieldValue<DateTimeOffset>(3)));
        }
        return claims;
    }

    /// <summary>Gives a claim back whose read failed, to be tried again ever later.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="isOutage">Nothing is wrong with this row in particular: it is not parked for that.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>How often the read failed since the last mark; 0 if the claim is somebody else's by now.</returns>
    public async Task<int> PutOffAsync(ReadClaim claim, bool isOutage, CancellationToken cancellationToken)
    {
        var attempts = isOutage ? $"greatest(re_read_attempts, least(re_read_attempts + 1, {ParkedAfter - 1}))" : "re_read_attempts + 1";
        return await ExecuteAsync(
            $"""
            UPDATE {table} SET re_read_claimed_until = NULL, re_read_attempts = {attempts},
                re_read_due_at = clock_timestamp() + (0.75 + random() / 2) * CASE WHEN {attempts} >= {ParkedAfter} THEN $3
                    ELSE least($4, interval '1 second' * power(2.5::float8, least(re_read_attempts, 10))) END
            WHERE id = $1 AND re_read_claimed_until = $2 RETURNING re_read_attempts
            """,
            found => found.GetInt32(0), cancellationToken,
            claim.Id, claim.Until, ParkedPause, isOutage ? LongestOutagePause : LongestPause);
    }

    /// <summary>Gives a claim back that this host has no time for, as if it had never had it.</summary>
    public Task GiveBackAsync(ReadClaim claim, CancellationToken cancellationToken) => ExecuteAsync(
        $"UPDATE {table} SET re_read_claimed_until = NULL WHERE id = $1 AND re_read_claimed_until = $2 RETURNING 1",
        found => found.GetInt32(0), cancellationToken, claim.Id, claim.Until);

    public Task<QueueState> LookAsync(CancellationToken cancellationToken) => ExecuteAsync(
        $"""
        SELECT count(*) FILTER (WHERE re_read_attempts >= {ParkedAfter}),
            coalesce(clock_timestamp() - min(re_read_due_at) FILTER (WHERE re_read_attempts < {ParkedAfter}), interval '0')
        FROM {table} WHERE re_read_due_at IS NOT NULL
        """,
        found => new QueueState(found.GetInt64(0), found.GetFieldValue<TimeSpan>(1)), cancellationToken)!;

    private async Task<T?> ExecuteAsync<T>(
        string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params object[] values)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(await ConnectAsync(db, cancellationToken));
        batch.BatchCommands.Add(BatchCommands.New(sql, values));
        await using var found = await batch.ExecuteReaderAsync(cancellationToken);
        return await found.ReadAsync(cancellationToken) ? read(found) : default;
    }

    private static async Task<NpgsqlConnection> ConnectAsync(BillingDb db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        return (NpgsqlConnection)db.Database.GetDbConnection();
    }
}

/// <param name="Parked">Rows that are tried only every few hours any more.</param>
/// <param name="OldestDue">How long the longest waiting one of the others is due; negative if none is due yet.</param>
internal sealed record QueueState(long Parked, TimeSpan OldestDue);
