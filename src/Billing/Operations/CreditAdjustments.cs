using Billing.Api;
using Billing.Ledger;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Operations;

/// <summary>
/// Credits given or taken by hand. What is given never expires and is spent like a top-up's; what is taken is a debit. A reference, such as
/// the number of a ticket, makes sure that neither happens twice.
/// </summary>
internal sealed class CreditAdjustments(IDbContextFactory<BillingDb> databases, LedgerRows ledgers, OperatorAudit audit, TimeProvider time)
{
    /// <param name="orgId">Of an org.</param>
    /// <param name="wanted">Validated.</param>
    /// <param name="by">Who and why.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>404 without such an org; 409 <c>already_done</c> if credits were given under this reference before.</returns>
    public Task<Result<AdjustmentResponse>> GrantAsync(string orgId, Adjustment wanted, Operator by, CancellationToken cancellationToken) =>
        ChangeAsync(orgId, "grant_credits", wanted, by, async (db, ledger, reference, now) =>
        {
            var grant = new CreditGrant
            {
                Id = Guid.CreateVersion7(),
                OrgId = orgId,
                Source = CreditSource.TopUp,
                SourceKey = $"operator:{reference}",
                Amount = wanted.Amount,
                Remaining = wanted.Amount,
                CreatedAt = now,
            };
            if (!await LedgerRows.InsertOnceAsync(db, grant, cancellationToken))
            {
                return AlreadyDone();
            }
            ledger.Grant(grant, now);
            return null;
        }, cancellationToken);

    /// <param name="orgId">Of an org.</param>
    /// <param name="wanted">Validated.</param>
    /// <param name="by">Who and why.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>
    /// 404 without such an org; 402 if not so many are available, and nothing is taken; 409 <c>already_done</c> if credits were taken under
    /// this reference before.
    /// </returns>
    public Task<Result<AdjustmentResponse>> RevokeAsync(string orgId, Adjustment wanted, Operator by, CancellationToken cancellationToken) =>
        ChangeAsync(orgId, "revoke_credits", wanted, by, async (db, ledger, reference, now) =>
        {
            var key = $"operator\n{reference}"; // not printable, so that no client's key is the same
            // Whoever debits has the org locked, as we have: nobody books this key in between.
            if (await db.CreditEntries.AnyAsync(entry => entry.OrgId == orgId && entry.IdempotencyKey == key, cancellationToken))
            {
                return AlreadyDone();
            }
            return ledger.Debit(wanted.Amount, by.Reason, key, now) is null ? ApiError.InsufficientCredits(ledger.Balance, ledger.Available) : null;
        }, cancellationToken);

    private Task<Result<AdjustmentResponse>> ChangeAsync(
        string orgId, string action, Adjustment wanted, Operator by, Func<BillingDb, OrgLedger, string, DateTimeOffset, Task<ApiError?>> book,
        CancellationToken cancellationToken) => databases.TransactAsync<Result<AdjustmentResponse>>(async db =>
        {
            if (await db.LockOrgAsync(orgId, cancellationToken) is not { } org)
            {
                return ApiError.NotFound("There is no such org.");
            }
            var now = time.GetUtcNow();
            var ledger = await ledgers.OfLockedAsync(db, org, now, cancellationToken);
            var before = Figures(ledger);
            var reference = wanted.Reference ?? Guid.CreateVersion7().ToString("N");
            if (await book(db, ledger, reference, now) is { } refusal)
            {
                LedgerRows.Keep(db, ledger); // what fell due is booked all the same
                return refusal;
            }
            LedgerRows.Keep(db, ledger);
            audit.Add(db, by, action, reference, orgId, before, Figures(ledger));
            return new AdjustmentResponse(reference, ledger.Balance, ledger.Available, ledger.Debt);
        }, cancellationToken);

    private static LedgerFigures Figures(OrgLedger ledger) => new(ledger.Balance, ledger.Available, ledger.Debt);

    private static ApiError AlreadyDone() => ApiError.Conflict("already_done", "Under this reference it was done before; nothing was changed.");

    private sealed record LedgerFigures(long Balance, long Available, long Debt);
}

/// <param name="Amount">1 to a billion credits.</param>
/// <param name="Reference">Makes it happen once per org, such as <c>TICKET-123</c>; null: a new one.</param>
internal sealed record Adjustment(long Amount, string? Reference);
