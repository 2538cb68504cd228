using Billing.Api;
using Billing.Authentication;

namespace Billing.Credits;

internal static class CreditEndpoints
{
    public static void MapCredits(this RouteGroupBuilder billing) => billing.MapGet("/credits", ReadAsync)
        .Requires(Role.Member)
        .WithName("getCredits").WithTags("Credits").WithSummary("What the org can spend")
        .Produces<CreditsResponse>()
        .ProducesErrors(400, 401, 403, 404, 503);

    private static async Task<IResult> ReadAsync(Caller caller, CreditBalance balance, CancellationToken cancellationToken) =>
        TypedResults.Ok(await balance.ReadAsync(caller.OrgId, cancellationToken));
}
