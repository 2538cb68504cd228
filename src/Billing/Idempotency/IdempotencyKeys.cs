using Billing.Api;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Idempotency;

/// <summary>
/// The keys that clients sent and what became of their requests. A key lives for 24 h by the host's clock; who works on it is decided by
/// a lease on the database's, as for orgs (<see cref="OrgLeases"/>).
/// </summary>
internal sealed class IdempotencyKeys(IDbContextFactory<BillingDb> databases, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The longest that a call may take: as long as it can wait for the org and work under its lease, and some more.</summary>
    private static readonly TimeSpan LeaseDuration = OrgLeases.Duration + TimeSpan.FromSeconds(30);

    /// <summary>Takes the key for this request, also from an owner that died.</summary>
    /// <returns>
    /// The lease under which to do the work; or the answer that is stored; or a refusal: 422 if the key stands for another request,
    /// 409 while this one is being done.
    /// </returns>
    public async Task<Result<KeyClaim>> ClaimAsync(string orgId, string key, byte[] fingerprint, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        if (await TryTakeAsync(db, orgId, key, fingerprint, now) is { } owner)
        {
            return new KeyClaim(new KeyLease(orgId, key, owner, databases), null);
        }
        var row = await db.IdempotencyKeys.AsNoTracking()
            .SingleOrDefaultAsync(k => k.OrgId == orgId && k.Key == key && k.ExpiresAt > now, cancellationToken);
        if (row is not null && !row.Fingerprint.AsSpan().SequenceEqual(fingerprint))
        {
            return ApiError.IdempotencyKeyReused();
        }
        if (row is { Status: { } status })
        {
            return new KeyClaim(null, Answer.Replay(status, row.Body!));
        }
        // Also when it was given up since we tried to take it: the next try takes it.
        var busy = ApiError.Conflict("in_progress", "A request with this Idempotency-Key is being done. Try again in a moment.");
        return busy with { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    /// <summary>The primary key and the row's lock let one of many through; the others find the condition false.</summary>
    private static async Task<Guid?> TryTakeAsync(BillingDb db, string orgId, string key, byte[] fingerprint, DateTimeOffset now)
    {
        // Not cancelled by a client that hangs up: a key taken without our learning of it would wait for the end of its lease.
        var taken = await db.Database.SqlQuery<Guid>(
            $"""
            INSERT INTO idempotency_keys AS k (org_id, key, fingerprint, owner, lease_until, expires_at)
            VALUES ({orgId}, {key}, {fingerprint}, {Guid.CreateVersion7()}, clock_timestamp() + {LeaseDuration}, {now + Lifetime})
            ON CONFLICT (org_id, key) DO UPDATE SET
                fingerprint = excluded.fingerprint, owner = excluded.owner, lease_until = excluded.lease_until, status = NULL, body = NULL,
                expires_at = CASE WHEN k.expires_at <= {now} THEN excluded.expires_at ELSE k.expires_at END
            WHERE (k.lease_until IS NULL OR k.lease_until < clock_timestamp())
              AND (k.expires_at <= {now} OR (k.status IS NULL AND k.fingerprint = excluded.fingerprint))
            RETURNING owner AS "Value"
            """).ToListAsync(CancellationToken.None);
        return taken is [var owner] ? owner : null;
    }
}

/// <summary>One of the two: the work is the caller's to do, or has been done.</summary>
internal sealed record KeyClaim(KeyLease? Lease, Answer? Stored);
