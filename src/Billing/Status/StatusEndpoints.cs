using Billing.Api;
using Billing.Authentication;
using Billing.Persistence;

namespace Billing.Status;

internal static class StatusEndpoints
{
    public static void MapStatus(this RouteGroupBuilder billing)
    {
        billing.MapGet("/status", ReadAsync).Describe("getStatus").WithDescription("Read from the service's own tables: Stripe is not asked, so it answers while Stripe is down too.");
        billing.MapGet("", ReadAsync).Describe("getStatusAtRoot").SameAs("GET /v1/billing/status");
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation) => endpoint
        .Requires(Role.Member).WithMetadata(new FindsItsOrg())
        .WithName(operation).WithTags("Status").WithSummary("What the org has now")
        .Produces<StatusResponse>()
        .WithAnswerExample("subscribed", new StatusResponse(
            "pro", "active", BillingInterval.Monthly, new(2026, 12, 21, 9, 30, 0, TimeSpan.Zero), CancelAtPeriodEnd: false, CancelAt: null, TrialEnd: null, 1000))
        .WithAnswerExample("free", StatusResponse.Free(credits: 0))
        .ProducesErrors(400, 401, 403, 404, 503);

    private static async Task<IResult> ReadAsync(Caller caller, OrgStatus status, CancellationToken cancellationToken) =>
        new JsonAnswer(await status.ReadAsync(caller.OrgId, cancellationToken));
}
