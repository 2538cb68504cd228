using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>
/// Orgs with more than one subscription that has not ended for good (DESIGN rule 4). Nothing is cancelled for them: they are told to a person.
/// </summary>
internal sealed class TwoLiveSubscriptions(SubscriptionReads reads, IDbContextFactory<BillingDb> databases) : IComparison
{
    private const int Slice = 50;

    public string Phase => "two_live_subscriptions";

    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken)
    {
        var orgs = await FindAsync(run, cursor ?? "", cancellationToken);
        var found = await orgs.EachAsync(async (org, token) => await ConfirmAsync(org, token), cancellationToken);
        return new ComparedPage([.. found.OfType<Drift>()], orgs.Count == Slice ? orgs[^1].OrgId : null);
    }

    private async Task<List<SeveralLive>> FindAsync(ReconciliationRun run, string after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Database.SqlQuery<SeveralLive>(
            $"""
            SELECT org_id AS "OrgId", array_agg(id ORDER BY created_at, id) AS "Subscriptions" FROM subscriptions
            WHERE org_id > {after} AND status NOT IN ('canceled', 'incomplete_expired') AND plan IS NOT NULL
              AND ({run.OrgId}::text IS NULL OR org_id = {run.OrgId})
            GROUP BY org_id HAVING count(*) > 1 ORDER BY org_id LIMIT {Slice}
            """).ToListAsync(cancellationToken);
    }

    /// <summary>The end of one may have got lost: then its status is what differs, and there are no two.</summary>
    private async Task<Drift?> ConfirmAsync(SeveralLive org, CancellationToken cancellationToken)
    {
        var live = new List<string>();
        foreach (var id in org.Subscriptions)
        {
            if (await reads.FindAsync(id, cancellationToken) is { Found.Status: { } status } && !SubscriptionStatus.IsFinal(status))
            {
                live.Add($"{id} is {status}");
            }
        }
        return live.Count > 1 ? new Drift(DriftType.TwoLiveSubscriptions, org.OrgId, org.Subscriptions[0], string.Join(", ", live)) : null;
    }

    private sealed record SeveralLive(string OrgId, string[] Subscriptions);
}
