using Billing.Background;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Fulfilment;

/// <summary>Has a subscription read again whose period ended two hours ago without news: its events may be lost (DESIGN rule 3).</summary>
internal sealed class OverdueSweep(
    IDbContextFactory<BillingDb> databases, SubscriptionReader reader, TimeProvider time, ILogger<OverdueSweep> log)
    : PollingWorker(TimeSpan.FromMinutes(1), log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var silentSince = time.GetUtcNow() - Patience;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var marked = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE subscriptions SET re_read_due_at = clock_timestamp(), re_read_requests = re_read_requests + 1
            WHERE id IN (
                SELECT id FROM subscriptions
                WHERE status NOT IN ('canceled', 'incomplete_expired') AND current_period_end < {silentSince}
                  AND re_read_due_at IS NULL AND (read_at IS NULL OR read_at < {silentSince})
                ORDER BY current_period_end LIMIT 100 FOR UPDATE SKIP LOCKED)
            """, cancellationToken);
        if (marked > 0)
        {
            reader.Wake();
        }
        return false;
    }
}
