using Billing.Background;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Idempotency;

/// <summary>Prunes keys whose time is over, in small steps. They are free already; this only gives back their room.</summary>
internal sealed class ExpiredKeys(IDbContextFactory<BillingDb> databases, TimeProvider time, ILogger<ExpiredKeys> log)
    : PollingWorker(TimeSpan.FromMinutes(5), log)
{
    private const int Step = 500;

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pruned = await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM idempotency_keys WHERE (org_id, key) IN (
                SELECT org_id, key FROM idempotency_keys
                WHERE expires_at <= {time.GetUtcNow()} AND (lease_until IS NULL OR lease_until < clock_timestamp())
                ORDER BY expires_at LIMIT {Step} FOR UPDATE SKIP LOCKED)
            """, cancellationToken);
        return pruned == Step;
    }
}
