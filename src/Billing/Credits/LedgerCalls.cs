using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;
using Billing.Ledger;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Credits;

/// <summary>
/// Changes an org's ledger in one transaction of three round trips: lock and load, write, commit. The caller's idempotency key and the
/// answer stored under it are part of it, so that a concurrent duplicate waits and then gets the same answer (DESIGN rule 9).
/// </summary>
internal sealed class LedgerCalls(IDbContextFactory<BillingDb> databases, LedgerRows ledgers, TimeProvider time)
{
    /// <summary>Runs <paramref name="work"/> on the org's ledger, brought up to now; or answers what it answered before.</summary>
    /// <param name="http">The request, for writing the answer.</param>
    /// <param name="caller">Whose ledger.</param>
    /// <param name="key">The request's key, or null.</param>
    /// <param name="holdId">The hold that it is about, or null.</param>
    /// <param name="work">Changes the ledger and says what to answer; runs again if another transaction was in its way.</param>
    public Task<Answer> RunAsync(HttpContext http, Caller caller, RequestKey? key, Guid? holdId, Func<LedgerWork, IResult> work) =>
        databases.TransactAsync(async db =>
        {
            var now = time.GetUtcNow();
            var claim = key is null ? null : new KeyInTransaction(caller.OrgId, key, now);
            var parts = await LockedLedger.LoadAsync(
                db, caller.OrgId, now, holdId, key?.Text, claim?.Commands ?? [], claim is null ? null : claim.ReadAsync, http.RequestAborted)
                ?? throw new ApiException(ApiError.NotFound("There is no such org."));
            if (claim?.Earlier is { } earlier)
            {
                return earlier;
            }

            var hold = parts.Holds.Find(candidate => candidate.Id == holdId);
            var ledger = ledgers.Create(parts.Org, parts.Grants, parts.Holds);
            ledger.BringTo(now);
            var answer = await Answer.OfAsync(work(new LedgerWork(ledger, hold, parts.EarlierDebit, now)), http);
            LedgerRows.Keep(db, ledger);
            claim?.Keep(db, answer);
            return answer;
        }, http.RequestAborted);
}

/// <param name="Ledger">Brought up to <paramref name="Now"/>.</param>
/// <param name="Hold">The hold that the request names, in whatever state; null if the org has no such hold.</param>
/// <param name="EarlierDebit">The debit that was booked under the request's key, more than 24 h ago.</param>
/// <param name="Now">The present.</param>
internal sealed record LedgerWork(OrgLedger Ledger, CreditHold? Hold, CreditEntry? EarlierDebit, DateTimeOffset Now);
