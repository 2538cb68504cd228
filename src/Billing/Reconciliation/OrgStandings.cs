using System.Data;
using Billing.Catalog;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>
/// Orgs whose own row is not what their subscriptions come to: in the database alone, after the subscriptions themselves were compared with
/// Stripe. A run that repaired those finds here what a bug or a hand in the database left.
/// </summary>
internal sealed class OrgStandings(StandingDrift drift, StandingRepair repair, IDbContextFactory<BillingDb> databases) : IComparison
{
    private const int Slice = 100;

    public string Phase => "standings";

    public async Task<ComparedPage> CompareAsync(ReconciliationRun run, string? cursor, CancellationToken cancellationToken)
    {
        var (found, next) = await FindAsync(run, cursor ?? "", cancellationToken);
        return new ComparedPage(
            run.Repair ? await found.EachAsync(async (one, token) => await repair.RepairAsync(run, one, token), cancellationToken) : found, next);
    }

    private async Task<(List<Drift> Found, string? Next)> FindAsync(ReconciliationRun run, string after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Rows and subscriptions of one moment: a change between two statements would look like drift.
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var orgs = await db.Orgs.FromSql(
            $"""
            SELECT * FROM orgs o
            WHERE o.id > {after} AND ({run.OrgId}::text IS NULL OR o.id = {run.OrgId})
              AND (o.plan <> {PlanIds.Free} OR o.status IS NOT NULL OR o.credits_per_month > 0
                  OR EXISTS (SELECT FROM subscriptions WHERE org_id = o.id))
            ORDER BY o.id LIMIT {Slice}
            """).AsNoTracking().ToListAsync(cancellationToken);
        var ids = orgs.ConvertAll(org => org.Id);
        var subscriptions = (await db.Subscriptions.AsNoTracking().Include(row => row.PaidPeriods).Where(row => ids.Contains(row.OrgId))
            .ToListAsync(cancellationToken)).ToLookup(row => row.OrgId);
        var sold = await SoldPrices.OfOrgsAsync(db, ids, cancellationToken);
        return ([.. from org in orgs
                    let detail = drift.Of(org, [.. subscriptions[org.Id]], sold.GetValueOrDefault(org.Id, SoldPrices.None))
                    where detail is not null
                    select new Drift(DriftType.Standing, org.Id, org.Id, detail)],
            orgs.Count == Slice ? ids[^1] : null);
    }
}
