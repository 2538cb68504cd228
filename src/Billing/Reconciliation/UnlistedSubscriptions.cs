using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Subscriptions of ours that the listing did not show, such as those under another customer or a test clock: asked for one by one.</summary>
internal sealed class UnlistedSubscriptions(
    SubscriptionReads reads, SubscriptionComparison comparison, IDbContextFactory<BillingDb> databases) : IComparison
{
    private const int Slice = 50;

    public string Phase => "unlisted_subscriptions";

    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken)
    {
        var rows = await FindAsync(run, cursor ?? "", cancellationToken);
        var answers = await rows.EachAsync(async (row, token) => await reads.FindAsync(row.Id, token), cancellationToken);
        StripeOutage.ThrowIfBlind(answers);
        var found = await comparison.CompareAsync(run, [.. answers.OfType<StripeRead>()], cancellationToken);
        found.AddRange(rows.Zip(answers).Where(pair => pair.Second is null)
            .Select(pair => new Drift(DriftType.Status, pair.First.OrgId, pair.First.Id, "Stripe does not show it: is Stripe:ApiKey of another account?")));
        return new ComparedPage(found, rows.Count == Slice ? rows[^1].Id : null);
    }

    private async Task<List<UnlistedRow>> FindAsync(ReconciliationRun run, string after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.SqlQuery<UnlistedRow>(
            $"""
            SELECT s.id AS "Id", s.org_id AS "OrgId" FROM subscriptions s
            WHERE s.id > {after} AND (s.status IS NULL OR s.status NOT IN ('canceled', 'incomplete_expired'))
              AND ({run.OrgId}::text IS NULL OR s.org_id = {run.OrgId})
              AND NOT EXISTS (SELECT FROM sightings WHERE sightings.id = s.id AND seen_at >= {run.StartedAt})
            ORDER BY s.id LIMIT {Slice}
            """).ToListAsync(cancellationToken);
    }

    private sealed record UnlistedRow(string Id, string OrgId);
}
