using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Ledger;

/// <summary>Loads an org's ledger with the rows that it works on, and hands on what it booked; saving and committing are the caller's.</summary>
internal sealed class LedgerRows(IOptions<BillingOptions> options)
{
    /// <summary>The ledger for reading: nothing is locked or tracked, and one statement reads all of it as of one moment. Null: no such org.</summary>
    public async Task<OrgLedger?> ReadAsync(BillingDb db, string orgId, CancellationToken cancellationToken) =>
        await Rows(db, orgId, cancellationToken) is { } read ? Create(read.Org, read.Grants, read.Holds) : null;

    /// <summary>The ledger of an org whose row is locked and tracked by this context.</summary>
    public async Task<OrgLedger> OfLockedAsync(BillingDb db, Org org, CancellationToken cancellationToken)
    {
        var grants = await db.CreditGrants.Where(grant => grant.OrgId == org.Id && grant.Remaining > 0).ToListAsync(cancellationToken);
        var holds = await db.CreditHolds.Where(hold => hold.OrgId == org.Id && hold.State == HoldState.Active).ToListAsync(cancellationToken);
        return Create(org, grants, holds);
    }

    public OrgLedger Create(Org org, List<CreditGrant> grants, List<CreditHold> holds) => new(org, grants, holds, new LedgerRules(options.Value.RenewalGrace, options.Value.FreeMonthlyCredits));

    /// <summary>Adds what the ledger booked to the context.</summary>
    public static void Keep(BillingDb db, OrgLedger ledger)
    {
        db.AddRange(ledger.NewGrants);
        db.AddRange(ledger.NewHolds);
        db.AddRange(ledger.Entries);
        db.AddRange(ledger.Movements);
    }

    private static readonly Func<BillingDb, string, CancellationToken, Task<LedgerRead?>> Rows = EF.CompileAsyncQuery(
        (BillingDb db, string orgId, CancellationToken cancellationToken) => db.Orgs.AsNoTracking().Where(org => org.Id == orgId)
            .Select(org => new LedgerRead(
                org,
                db.CreditGrants.Where(grant => grant.OrgId == orgId && grant.Remaining > 0).ToList(),
                db.CreditHolds.Where(hold => hold.OrgId == orgId && hold.State == HoldState.Active).ToList()))
            .SingleOrDefault());

    private sealed record LedgerRead(Org Org, List<CreditGrant> Grants, List<CreditHold> Holds);
}
