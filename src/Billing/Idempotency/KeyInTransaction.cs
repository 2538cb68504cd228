using Billing.Api;
using Billing.Persistence;
using Npgsql;

namespace Billing.Idempotency;

/// <summary>
/// A key that is taken, answered and stored in one transaction with the work, for calls that only touch the database (DESIGN rule 9). The
/// primary key makes a concurrent duplicate wait until this transaction ends.
/// </summary>
internal sealed class KeyInTransaction(string orgId, RequestKey key, DateTimeOffset now)
{
    private readonly Guid _owner = Guid.CreateVersion7();

    /// <summary>What to answer without doing the work: the answer that is stored, or a refusal. Null: the work is to be done.</summary>
    public Answer? Earlier { get; private set; }

    /// <summary>To be run first in the transaction; their rows are for <see cref="ReadAsync"/>.</summary>
    public IEnumerable<NpgsqlBatchCommand> Commands =>
    [
        BatchCommands.New(
            """
            INSERT INTO idempotency_keys AS k (org_id, key, fingerprint, owner, expires_at) VALUES ($1, $2, $3, $4, $6)
            ON CONFLICT (org_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, owner = excluded.owner, lease_until = NULL,
                status = NULL, body = NULL, expires_at = excluded.expires_at
            WHERE k.expires_at <= $5
            """, orgId, key.Text, key.Fingerprint, _owner, now, now + IdempotencyKeys.Lifetime),
        BatchCommands.New("SELECT owner, fingerprint, status, body FROM idempotency_keys WHERE org_id = $1 AND key = $2", orgId, key.Text),
    ];

    /// <summary>Reads what the commands found, and goes on to the next result.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader)
    {
        var found = await reader.ReadAsync();
        if (!found || reader.GetGuid(0) != _owner)
        {
            Earlier = await EarlierAsync(found ? reader : null);
        }
        await reader.NextResultAsync();
    }

    /// <summary>Stores the answer with the work, or gives the key back.</summary>
    public void Keep(BillingDb db, Answer answer)
    {
        var row = new IdempotencyKey
        {
            OrgId = orgId,
            Key = key.Text,
            Fingerprint = key.Fingerprint,
            Owner = _owner,
            ExpiresAt = now + IdempotencyKeys.Lifetime,
        };
        db.Attach(row);
        if (answer.IsStored)
        {
            (row.Status, row.Body) = (answer.Status, answer.Body);
        }
        else
        {
            db.Remove(row);
        }
    }

    private async Task<Answer> EarlierAsync(NpgsqlDataReader? row)
    {
        if (row is not null && !row.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(key.Fingerprint))
        {
            throw new ApiException(ApiError.IdempotencyKeyReused());
        }
        return row is not null && !await row.IsDBNullAsync(2)
            ? Answer.Replay(row.GetInt32(2), row.GetFieldValue<byte[]>(3))
            : throw new ApiException(ApiError.InProgress("A request with this Idempotency-Key is being done. Try again in a moment."));
    }
}
