using Billing.Api;
using Billing.Authentication;

namespace Billing.Status;

internal static class StatusEndpoints
{
    public static void MapStatus(this RouteGroupBuilder billing)
    {
        billing.MapGet("/status", ReadAsync).Describe("getStatus");
        billing.MapGet("", ReadAsync).Describe("getStatusAtRoot");
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation) => endpoint
        .Requires(Role.Member)
        .WithName(operation).WithTags("Status").WithSummary("What the org has now")
        .Produces<StatusResponse>()
        .ProducesErrors(400, 401, 403, 404, 503);

    private static async Task<IResult> ReadAsync(Caller caller, OrgStatus status, CancellationToken cancellationToken) =>
        TypedResults.Ok(await status.ReadAsync(caller.OrgId, cancellationToken));
}
