using Billing.Catalog;
using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Status;

/// <summary>Reads what an org has: one row by key, and nothing is written, however much time has passed.</summary>
internal sealed class OrgStatus(IDbContextFactory<BillingDb> databases, Standing standing, TimeProvider time)
{
    public async Task<StatusResponse> ReadAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var org = await Row(db, orgId, cancellationToken);
        if (org?.PlanUntil <= time.GetUtcNow())
        {
            // The grace ended without an event: what remains is derived here, and written by whatever event comes next.
            var subscriptions = await db.Subscriptions.AsNoTracking().Where(s => s.OrgId == orgId).ToListAsync(cancellationToken);
            standing.Refresh(new OrgState(org, subscriptions, session: null, SoldPrices.None));
        }
        return org?.Status is null ? StatusResponse.Free : ToResponse(org);
    }

    private static StatusResponse ToResponse(Org org)
    {
        // Stripe has two ways to schedule an end, and a portal uses the second (FACTS B.4): either counts.
        var endsWithPeriod = org.CancelAtPeriodEnd || (org.CancelAt is not null && org.CancelAt == org.CurrentPeriodEnd);
        return new StatusResponse(
            org.Plan, org.Status, org.Interval, org.CurrentPeriodEnd, endsWithPeriod, org.CancelAt, org.TrialEnd);
    }

    private static readonly Func<BillingDb, string, CancellationToken, Task<Org?>> Row = EF.CompileAsyncQuery(
        (BillingDb db, string orgId, CancellationToken cancellationToken) =>
            db.Orgs.AsNoTracking().SingleOrDefault(org => org.Id == orgId));
}
