using Billing.Api;
using Billing.Catalog;
using Billing.Fulfilment;
using Billing.Ledger;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Status;

/// <summary>Reads what an org has: its row with its ledger in one query, and nothing is written, however much time has passed.</summary>
internal sealed class OrgStatus(IDbContextFactory<BillingDb> databases, LedgerReads ledgers, Standing standing, TimeProvider time)
{
    /// <exception cref="ApiException">404: there is no such org.</exception>
    public async Task<StatusResponse> ReadAsync(string orgId, CancellationToken cancellationToken)
    {
        var ledger = await ledgers.ReadAsync(orgId);
        var org = ledger.Org;
        var now = time.GetUtcNow();
        if (org.PlanUntil <= now)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            // The grace ended without an event: what remains is derived here, and written by whatever event comes next.
            var subscriptions = await db.Subscriptions.AsNoTracking().Where(s => s.OrgId == orgId).ToListAsync(cancellationToken);
            standing.Refresh(new OrgState(org, subscriptions, session: null, claims: null, SoldPrices.None), now);
        }
        return org.Status is null ? StatusResponse.Free(ledger.Available) : ToResponse(org, ledger.Available);
    }

    private static StatusResponse ToResponse(Org org, long credits)
    {
        // Stripe has two ways to schedule an end, and a portal uses the second (FACTS B.4): either counts.
        var endsWithPeriod = org.CancelAtPeriodEnd || (org.CancelAt is not null && org.CancelAt == org.CurrentPeriodEnd);
        return new StatusResponse(
            org.Plan, org.Status, org.Interval, org.CurrentPeriodEnd, endsWithPeriod, org.CancelAt, org.TrialEnd, credits);
    }
}
