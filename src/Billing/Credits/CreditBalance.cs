using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Credits;

/// <summary>Reads what an org can spend, in one query. Nothing is written: what has expired by now is left out, and booked later.</summary>
internal sealed class CreditBalance(IDbContextFactory<BillingDb> databases, TimeProvider time)
{
    public async Task<CreditsResponse> ReadAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var row = await db.Orgs.AsNoTracking().Where(org => org.Id == orgId).Select(org => new
        {
            org.Held,
            org.Debt,
            NextMonth = org.Plan != PlanIds.Free && !(org.CancelAt <= org.GrantMonthEnd) ? org.GrantMonthEnd : null,
            Plan = db.CreditGrants.Live(orgId, now).Where(grant => grant.Source == CreditSource.Plan).Sum(grant => grant.Remaining),
            All = db.CreditGrants.Live(orgId, now).Sum(grant => grant.Remaining),
            NextExpiry = db.CreditGrants.Live(orgId, now).Min(grant => grant.ExpiresAt),
        }).SingleAsync(cancellationToken);
        return new CreditsResponse(
            row.All, row.All - row.Held, row.Plan, row.All - row.Plan, row.Held, row.Debt, row.NextExpiry,
            row.NextMonth > now ? row.NextMonth : null);
    }
}
