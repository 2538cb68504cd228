using Billing.Api;
using Billing.Persistence;

namespace Billing.Credits;

/// <summary>What becomes of holds: each ends once, by being settled or released, or by itself.</summary>
internal static class Holds
{
    private const int DefaultLifetime = 60 * 60;

    public static IResult Reserve(LedgerWork work, HoldRequest request)
    {
        var expiresAt = work.Now.AddSeconds(request.ExpiresIn ?? DefaultLifetime);
        return work.Ledger.Hold(request.Amount!.Value, request.Reason, expiresAt, work.Now) is { } hold
            ? new JsonAnswer(new HoldResponse(HoldId.Of(hold.Id), hold.Amount, hold.ExpiresAt, work.Ledger.Available))
            : new ErrorResult(ApiError.InsufficientCredits(work.Ledger.Balance, work.Ledger.Available));
    }

    public static IResult Settle(LedgerWork work, long amount)
    {
        if (Refusal(work.Hold) is { } refusal)
        {
            return new ErrorResult(refusal);
        }
        if (amount > work.Hold!.Amount)
        {
            return new ErrorResult(ApiError.Validation(new FieldError("amount", $"The hold reserved {work.Hold.Amount} credits.", "out_of_bounds")));
        }
        work.Ledger.Settle(work.Hold, amount, work.Now);
        return Ended(work, amount);
    }

    public static IResult Release(LedgerWork work)
    {
        if (Refusal(work.Hold) is { } refusal)
        {
            return new ErrorResult(refusal);
        }
        work.Ledger.Release(work.Hold!, work.Now);
        return Ended(work, settled: 0);
    }

    private static JsonAnswer Ended(LedgerWork work, long settled) => new(new HoldEndResponse(
        HoldId.Of(work.Hold!.Id), settled, work.Hold.Amount - settled, work.Ledger.Balance, work.Ledger.Available));

    private static ApiError? Refusal(CreditHold? hold) => hold switch
    {
        null => HoldId.NotFound(),
        { State: HoldState.Active } => null,
        _ => HasEnded(hold.State),
    };

    public static ApiError HasEnded(HoldState state) => ApiError.Conflict(
        $"hold_{EnumWords<HoldState>.Of(state)}", "This hold has ended already; it reserves nothing any more.");
}
