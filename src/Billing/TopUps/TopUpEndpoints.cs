using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;

namespace Billing.TopUps;

internal static class TopUpEndpoints
{
    public static void MapTopUps(this RouteGroupBuilder billing) => billing.MapPost("/topup", StartAsync)
        .Requires(Role.Owner)
        .Validates<TopUpRequest>()
        .WithName("startTopUp").WithTags("Credits").WithSummary("Start the purchase of credits")
        .Produces<TopUpResponse>()
        .ProducesErrors(400, 401, 403, 404, 409, 413, 415, 502, 503)
        .Idempotent<TopUpRequest>("topup");

    private static async Task<IResult> StartAsync(Body<TopUpRequest> body, Caller caller, TopUpSales topUps, CancellationToken cancellationToken)
    {
        var session = await topUps.StartAsync(caller.OrgId, body.Value, cancellationToken);
        return session.ToHttp(TopUpResponse.Of);
    }
}
