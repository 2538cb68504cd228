using Billing.Catalog;
using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Status;

/// <summary>Reads what an org has: one row by key with its live credits, and nothing is written, however much time has passed.</summary>
internal sealed class OrgStatus(IDbContextFactory<BillingDb> databases, Standing standing, TimeProvider time)
{
    public async Task<StatusResponse> ReadAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var (org, credits) = await Row(db, orgId, now, cancellationToken);
        if (org.PlanUntil <= now)
        {
            // The grace ended without an event: what remains is derived here, and written by whatever event comes next.
            var subscriptions = await db.Subscriptions.AsNoTracking().Where(s => s.OrgId == orgId).ToListAsync(cancellationToken);
            standing.Refresh(new OrgState(org, subscriptions, session: null, claims: null, SoldPrices.None));
        }
        return org.Status is null ? StatusResponse.Free(credits - org.Held) : ToResponse(org, credits - org.Held);
    }

    private static StatusResponse ToResponse(Org org, long credits)
    {
        // Stripe has two ways to schedule an end, and a portal uses the second (FACTS B.4): either counts.
        var endsWithPeriod = org.CancelAtPeriodEnd || (org.CancelAt is not null && org.CancelAt == org.CurrentPeriodEnd);
        return new StatusResponse(
            org.Plan, org.Status, org.Interval, org.CurrentPeriodEnd, endsWithPeriod, org.CancelAt, org.TrialEnd, credits);
    }

    private static readonly Func<BillingDb, string, DateTimeOffset, CancellationToken, Task<OrgWithCredits>> Row = EF.CompileAsyncQuery(
        (BillingDb db, string orgId, DateTimeOffset now, CancellationToken cancellationToken) => db.Orgs.AsNoTracking()
            .Where(org => org.Id == orgId)
            .Select(org => new OrgWithCredits(
                org,
                db.CreditGrants
                    .Where(grant => grant.OrgId == orgId && grant.Remaining > 0 && (grant.ExpiresAt == null || grant.ExpiresAt > now))
                    .Sum(grant => grant.Remaining)))
            .Single());

    private sealed record OrgWithCredits(Org Org, long Credits);
}
