using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;
using Billing.Persistence;

namespace Billing.Credits;

internal static class HoldEndpoints
{
    public static void MapHolds(this RouteGroupBuilder billing)
    {
        var holds = billing.MapGroup("/credits/holds");
        holds.MapPost("", ReserveAsync).Validates<HoldRequest>().Describe("holdCredits", "Reserve credits for work whose cost is not known yet")
            .WithRequestExample("hold", new HoldRequest { Amount = 300, Reason = "video", ExpiresIn = 3600 })
            .Produces<HoldResponse>().WithAnswerExample("held", new HoldResponse(
                "hold_0199c3f2a4b87e4f9a51d2c3b4a59687", 300, new(2026, 11, 21, 10, 30, 0, TimeSpan.Zero), 1180))
            .Refuses(ApiError.InsufficientCredits(balance: 250, available: 150));
        holds.MapPost("/{id}/settle", SettleAsync).OfHold().Validates<SettleRequest>().Describe("settleHold", "Spend some of what a hold reserved and free the rest")
            .WithRequestExample("settle", new SettleRequest { Amount = 180 })
            .Produces<HoldEndResponse>().WithAnswerExample("settled", new HoldEndResponse("hold_0199c3f2a4b87e4f9a51d2c3b4a59687", 180, 120, 1300, 1300))
            .Refuses(Holds.HasEnded(HoldState.Settled));
        holds.MapPost("/{id}/release", ReleaseAsync).OfHold().Validates<ReleaseRequest>().Describe("releaseHold", "Free what a hold reserved")
            .WithRequestExample("release", new ReleaseRequest())
            .Produces<HoldEndResponse>().WithAnswerExample("released", new HoldEndResponse("hold_0199c3f2a4b87e4f9a51d2c3b4a59687", 0, 300, 1480, 1480))
            .Refuses(Holds.HasEnded(HoldState.Released), Holds.HasEnded(HoldState.Expired));
    }

    private static RouteHandlerBuilder OfHold(this RouteHandlerBuilder endpoint) =>
        endpoint.TakesPath("id", "The hold's `hold_id`.", "hold_0199c3f2a4b87e4f9a51d2c3b4a59687");

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation, string summary) => endpoint
        .Requires(Role.Service)
        .WithMetadata(new IdempotentCall(), new FindsItsOrg())
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
