using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;

namespace Billing.Credits;

internal static class HoldEndpoints
{
    public static void MapHolds(this RouteGroupBuilder billing)
    {
        var holds = billing.MapGroup("/credits/holds");
        holds.MapPost("", ReserveAsync).Validates<HoldRequest>().Describe("holdCredits", "Reserve credits for work whose cost is not known yet")
            .Produces<HoldResponse>().ProducesErrors(402);
        holds.MapPost("/{id}/settle", SettleAsync).Validates<SettleRequest>().Describe("settleHold", "Spend some of what a hold reserved and free the rest")
            .Produces<HoldEndResponse>();
        holds.MapPost("/{id}/release", ReleaseAsync).Validates<ReleaseRequest>().Describe("releaseHold", "Free what a hold reserved")
            .Produces<HoldEndResponse>();
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation, string summary) => endpoint
        .Requires(Role.Service)
        .WithMetadata(new IdempotentCall())
        .WithName(operation).WithTags("Credits").WithSummary(summary)
        .ProducesErrors(400, 401, 403, 404, 409, 413, 415, 422, 503);

    private static async Task<IResult> ReserveAsync(Body<HoldRequest> body, Caller caller, HttpContext http, LedgerCalls calls) =>
        await calls.RunAsync(http, caller, RequestKey.Read(http, "hold", body.Value), holdId: null, work => Holds.Reserve(work, body.Value));

    private static async Task<IResult> SettleAsync(Caller caller, HoldId hold, Body<SettleRequest> body, HttpContext http, LedgerCalls calls) =>
        await calls.RunAsync(
            http, caller, RequestKey.Read(http, "settle", body.Value), hold.Value, work => Holds.Settle(work, body.Value.Amount!.Value));

    private static async Task<IResult> ReleaseAsync(Caller caller, HoldId hold, Body<ReleaseRequest> body, HttpContext http, LedgerCalls calls) =>
        await calls.RunAsync(http, caller, RequestKey.Read(http, "release", body.Value), hold.Value, Holds.Release);
}
