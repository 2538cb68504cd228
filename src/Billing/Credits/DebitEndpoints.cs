using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;

namespace Billing.Credits;

internal static class DebitEndpoints
{
    public static void MapDebits(this RouteGroupBuilder billing) => billing.MapPost("/credits/debit", DebitAsync)
        .Requires(Role.Service)
        .Validates<DebitRequest>()
        .WithMetadata(new IdempotentCall(IsRequired: true), new FindsItsOrg())
        .WithName("debitCredits").WithTags("Credits").WithSummary("Spend credits")
        .WithDescription("Takes the soonest-expiring credits first. All or nothing: never less than was asked for. A retry with the same key debits only once, for ever.")
        .WithRequestExample("debit", new DebitRequest { Amount = 20, Reason = "render" })
        .Produces<DebitResponse>()
        .WithAnswerExample("debited", new DebitResponse(EntryId: 41, Debited: 20, Balance: 1480, Available: 1480))
        .ProducesErrors(400, 401, 403, 404, 409, 413, 415, 422, 503)
        .Refuses(ApiError.InsufficientCredits(balance: 15, available: 15));

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
            ? new JsonAnswer(new DebitResponse(entry.Number, amount, ledger.Balance, ledger.Available))
            : new ErrorResult(ApiError.InsufficientCredits(ledger.Balance, ledger.Available));
    }
}
