using Billing.Api;
using Billing.Ledger;
using Billing.Persistence;

namespace Billing.Credits;

/// <summary>Reads what an org can spend, in one query. Nothing is written: what fell due since the last booking is worked out.</summary>
internal sealed class CreditBalance(LedgerReads ledgers, TimeProvider time)
{
    /// <exception cref="ApiException">404: there is no such org.</exception>
    public async Task<CreditsResponse> ReadAsync(string orgId)
    {
        var ledger = await ledgers.ReadAsync(orgId);
        var now = time.GetUtcNow();
        var plan = ledger.Live.Where(grant => grant.Source != CreditSource.TopUp).Sum(grant => grant.Remaining);
        return new CreditsResponse(
            ledger.Balance, ledger.Available, plan, ledger.Balance - plan, ledger.Held, ledger.Debt,
            ledger.Live.Where(grant => grant.ExpiresAt > now).Min(grant => grant.ExpiresAt), ledger.NextMonthAt);
    }
}
