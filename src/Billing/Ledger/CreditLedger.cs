using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Ledger;

/// <summary>
/// Books credits (DESIGN rule 7). Every call works on an org whose row the caller has locked, inside the caller's transaction, and books
/// what has expired first, so that the balance on the row is true when something is added to it.
/// </summary>
internal sealed class CreditLedger(TimeProvider time)
{
    /// <summary>Gives credits once per source key. Debt is paid from them first.</summary>
    /// <returns>False if the org has had this grant before; then nothing is changed.</returns>
    public async Task<bool> GrantAsync(BillingDb db, Org org, NewGrant grant, CancellationToken cancellationToken)
    {
        await BookExpiriesAsync(db, org, cancellationToken);
        var debtPaid = Math.Min(grant.Amount, org.Debt);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var inserted = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO credit_grants
                (id, org_id, source, source_key, amount, remaining, expires_at, subscription_id, payment_intent_id, created_at)
            VALUES ({id}, {org.Id}, {EnumWords<CreditSource>.Of(grant.Source)}, {grant.SourceKey}, {grant.Amount}, {grant.Amount - debtPaid},
                {grant.ExpiresAt}, {grant.SubscriptionId}, {grant.PaymentIntentId}, {time.GetUtcNow()})
            ON CONFLICT (org_id, source_key) DO NOTHING
            """, cancellationToken);
        if (inserted == 0)
        {
            return false;
        }
        Book(db, org, CreditEntryKind.Grant, id, grant.Amount - debtPaid, -debtPaid);
        return true;
    }

    /// <summary>Ends what is left of the org's plan credits: the next month's take their place.</summary>
    public async Task ExpirePlanCreditsAsync(BillingDb db, Org org, CancellationToken cancellationToken)
    {
        var ended = await db.CreditGrants
            .Where(grant => grant.OrgId == org.Id && grant.Source == CreditSource.Plan && grant.Remaining > 0)
            .OrderBy(grant => grant.ExpiresAt).ToListAsync(cancellationToken);
        ended.ForEach(grant => Expire(db, org, grant));
    }

    private async Task BookExpiriesAsync(BillingDb db, Org org, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await db.CreditGrants
            .Where(grant => grant.OrgId == org.Id && grant.Remaining > 0 && grant.ExpiresAt <= now)
            .OrderBy(grant => grant.ExpiresAt).ToListAsync(cancellationToken);
        due.ForEach(grant => Expire(db, org, grant));
    }

    private void Expire(BillingDb db, Org org, CreditGrant grant)
    {
        // It may have been expired in this very transaction, which the query does not see before it is saved.
        if (grant.Remaining > 0)
        {
            Book(db, org, CreditEntryKind.Expiry, grant.Id, -grant.Remaining, 0);
            grant.Remaining = 0;
        }
    }

    private void Book(BillingDb db, Org org, CreditEntryKind kind, Guid grantId, long balanceDelta, long debtDelta)
    {
        org.Balance = checked(org.Balance + balanceDelta);
        org.Debt = checked(org.Debt + debtDelta);
        db.CreditEntries.Add(new CreditEntry
        {
            OrgId = org.Id,
            Kind = kind,
            GrantId = grantId,
            BalanceDelta = balanceDelta,
            DebtDelta = debtDelta,
            BalanceAfter = org.Balance,
            DebtAfter = org.Debt,
            CreatedAt = time.GetUtcNow(),
        });
    }
}
