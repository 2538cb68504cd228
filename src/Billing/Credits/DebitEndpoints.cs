using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;

namespace Billing.Credits;

internal static class DebitEndpoints
{
    public static void MapDebits(this RouteGroupBuilder billing) => billing.MapPost("/credits/debit", DebitAsync)
        .Requires(Role.Service)
        .Validates<DebitRequest>()
        .WithMetadata(new IdempotentCall(IsRequired: true))
        .WithName("debitCredits").WithTags("Credits").WithSummary("Spend credits")
        .Produces<DebitResponse>()
        .ProducesErrors(400, 401, 402, 403, 404, 409, 413, 415, 422, 503);

    private static async Task<IResult> DebitAsync(Body<DebitRequest> body, Caller caller, HttpContext http, LedgerCalls calls)
    {
        var key = RequestKey.Require(http, "debit", body.Value);
        return await calls.RunAsync(http, caller, key, holdId: null, work => Debit(work, body.Value, key.Text));
    }

    private static IResult Debit(LedgerWork work, DebitRequest request, string key)
    {
        var ledger = work.Ledger;
        var (amount, earlier) = (request.Amount!.Value, work.EarlierDebit);
        if (earlier is not null && earlier.BalanceDelta != -amount)
        {
            return new ErrorResult(ApiError.IdempotencyKeyReused());
        }
        return (earlier ?? ledger.Debit(amount, request.Reason, key, work.Now)) is { } entry
            ? TypedResults.Ok(new DebitResponse(entry.Number, amount, ledger.Balance, ledger.Available))
            : new ErrorResult(ApiError.InsufficientCredits(ledger.Balance, ledger.Available));
    }
}
