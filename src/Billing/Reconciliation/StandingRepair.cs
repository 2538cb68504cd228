using System.Globalization;
using Billing.Catalog;
using Billing.Fulfilment;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Settles an org under its lock, as any change of a subscription does.</summary>
internal sealed partial class StandingRepair(
    StandingDrift standings, Settlement settlement, AuditTrail audit, IDbContextFactory<BillingDb> databases, ILogger<StandingRepair> log)
{
    public async Task<Drift> RepairAsync(ReconciliationRun run, Drift drift, CancellationToken cancellationToken)
    {
        try
        {
            var left = await databases.TransactAsync(db => SettleAsync(db, run, drift, cancellationToken), cancellationToken);
            return left is null ? drift.Repaired() : drift.Left($"settling leaves that {left}");
        }
        catch (Exception bad) when (!cancellationToken.IsCancellationRequested && !DatabaseErrors.IsUnavailable(bad))
        {
            LogFailed(drift.OrgId, bad);
            return drift.Left($"settling failed ({bad.GetType().Name}, see the log)");
        }
    }

    /// <returns>What differs all the same; null: nothing.</returns>
    private async Task<string?> SettleAsync(BillingDb db, ReconciliationRun run, Drift drift, CancellationToken cancellationToken)
    {
        var state = await OrgStates.LockAsync(db, drift.ObjectId, new StripeSubject(null, null, null, null), claims: null, cancellationToken);
        var before = Look(state);
        await settlement.SettleAsync(db, state, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        // Something else may have settled it meanwhile: then this is no repair.
        if (Look(state) is var after && after != before)
        {
            audit.Add(db, run, "settle_org", drift, before, after);
        }
        var org = await db.Orgs.AsNoTracking().SingleAsync(row => row.Id == drift.ObjectId, cancellationToken);
        var subscriptions = await db.Subscriptions.AsNoTracking().Include(row => row.PaidPeriods).Where(row => row.OrgId == org.Id)
            .ToListAsync(cancellationToken);
        return standings.Of(org, subscriptions, await SoldPrices.OfOrgAsync(db, org.Id, cancellationToken));
    }

    private static StandingLook Look(OrgState state)
    {
        var org = state.Org;
        var through = state.Subscriptions.OrderBy(row => row.Id, StringComparer.Ordinal)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id} {row.PaidThrough:u}"));
        return new StandingLook(
            org.Plan, org.Status, org.Interval, org.CurrentPeriodEnd, org.CancelAtPeriodEnd, org.CancelAt, org.TrialEnd, org.PlanUntil,
            org.CreditsPerMonth, org.CreditsFrom, org.CreditsUntil, org.Balance, string.Join(", ", through));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Org {OrgId} cannot be settled")]
    private partial void LogFailed(string? orgId, Exception exception);
}

/// <summary>What the audit keeps of an org's standing, and through when each of its subscriptions is paid.</summary>
internal sealed record StandingLook(
    string Plan, string? Status, BillingInterval? Interval, DateTimeOffset? PeriodEnd, bool CancelAtPeriodEnd, DateTimeOffset? CancelAt,
    DateTimeOffset? TrialEnd, DateTimeOffset? PlanUntil, long CreditsPerMonth, DateTimeOffset? CreditsFrom, DateTimeOffset? CreditsUntil,
    long Balance, string PaidThrough);
