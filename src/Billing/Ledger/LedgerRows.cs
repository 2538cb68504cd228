using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Billing.Ledger;

/// <summary>Loads an org's ledger with the rows that it works on, and hands on what it booked; saving and committing are the caller's.</summary>
internal sealed class LedgerRows(IOptions<BillingOptions> options)
{
    /// <summary>The ledger up to now, of an org whose row is locked and whose changes the caller writes; grants and holds are tracked.</summary>
    public async Task<OrgLedger> OfLockedAsync(BillingDb db, Org org, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var grants = await db.CreditGrants.Where(grant => grant.OrgId == org.Id && grant.Remaining > 0).ToListAsync(cancellationToken);
        var due = await db.CreditHolds.Where(hold => hold.OrgId == org.Id && hold.State == HoldState.Active && hold.ExpiresAt <= now)
            .ToListAsync(cancellationToken);
        var ledger = Create(org, grants, due);
        ledger.BringTo(now);
        return ledger;
    }

    public OrgLedger Create(Org org, List<CreditGrant> grants, List<CreditHold> holds) => new(org, grants, holds, new LedgerRules(options.Value.RenewalGrace, options.Value.FreeMonthlyCredits));

    /// <summary>What is taken back of an org whose row is locked; the grants are tracked.</summary>
    public static async Task<TakenBack> TakenBackAsync(BillingDb db, string orgId, string payment, CancellationToken cancellationToken)
    {
        var about = db.CreditEntries.Where(entry => entry.OrgId == orgId && (entry.Kind == CreditEntryKind.DebtPayment
            || entry.Kind == CreditEntryKind.Reversal || entry.Kind == CreditEntryKind.Reinstatement));
        var entries = await about.AsNoTracking().ToListAsync(cancellationToken);
        var moved = db.CreditMovements.Where(movement => movement.OrgId == orgId && about.Any(entry => entry.Number == movement.EntryNumber));
        var movements = await moved.AsNoTracking().ToListAsync(cancellationToken);
        var grants = await db.CreditGrants.Where(grant => moved.Any(movement => movement.GrantId == grant.Id)).ToDictionaryAsync(grant => grant.Id, cancellationToken);
        return TakenBack.Of(payment, entries, movements, grants);
    }

    /// <summary>Inserts a grant unless the org was given it before: the unique source key decides. The ledger is to book it then.</summary>
    public static async Task<bool> InsertOnceAsync(BillingDb db, CreditGrant grant, CancellationToken cancellationToken)
    {
        var inserted = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO credit_grants (id, org_id, source, source_key, amount, remaining, payment_intent_id, created_at)
            VALUES ({grant.Id}, {grant.OrgId}, {EnumWords<CreditSource>.Of(grant.Source)}, {grant.SourceKey}, {grant.Amount}, {grant.Remaining},
                {grant.PaymentIntentId}, {grant.CreatedAt})
            ON CONFLICT (org_id, source_key) DO NOTHING
            """, cancellationToken);
        if (inserted == 1)
        {
            db.Attach(grant);
        }
        return inserted == 1;
    }

    /// <summary>Adds what the ledger booked to the context.</summary>
    public static void Keep(BillingDb db, OrgLedger ledger)
    {
        db.AddRange(ledger.NewGrants);
        db.AddRange(ledger.NewHolds);
        db.AddRange(ledger.Entries);
        db.AddRange(ledger.Movements);
    }
}
