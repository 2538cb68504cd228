using Billing.Ledger;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Credits;

/// <summary>Reads what an org can spend, in one query. Nothing is written: what fell due since the last booking is worked out.</summary>
internal sealed class CreditBalance(IDbContextFactory<BillingDb> databases, LedgerRows ledgers, TimeProvider time)
{
    public async Task<CreditsResponse> ReadAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var ledger = await ledgers.ReadAsync(db, orgId, now, cancellationToken)
            ?? throw new InvalidOperationException($"Org {orgId} vanished.");
        var plan = ledger.Live.Where(grant => grant.Source != CreditSource.TopUp).Sum(grant => grant.Remaining);
        return new CreditsResponse(
            ledger.Balance, ledger.Available, plan, ledger.Balance - plan, ledger.Held, ledger.Debt,
            ledger.Live.Where(grant => grant.ExpiresAt > now).Min(grant => grant.ExpiresAt), ledger.NextMonthAt);
    }
}
