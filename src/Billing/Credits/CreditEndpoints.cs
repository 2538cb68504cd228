using Billing.Api;
using Billing.Authentication;

namespace Billing.Credits;

internal static class CreditEndpoints
{
    public static void MapCredits(this RouteGroupBuilder billing) => billing.MapGet("/credits", ReadAsync)
        .Requires(Role.Member)
        .WithName("getCredits").WithTags("Credits").WithSummary("What the org can spend")
        .Produces<CreditsResponse>()
        .WithAnswerExample("subscribed", new CreditsResponse(
            Balance: 1500, Available: 1500, PlanCredits: 1000, TopupCredits: 500, Held: 0, Debt: 0,
            NextExpiry: new(2026, 12, 24, 9, 30, 0, TimeSpan.Zero), NextGrantAt: new(2026, 12, 21, 9, 30, 0, TimeSpan.Zero)))
        .ProducesErrors(400, 401, 403, 404, 503);

    private static async Task<IResult> ReadAsync(Caller caller, CreditBalance balance, CancellationToken cancellationToken) =>
        TypedResults.Ok(await balance.ReadAsync(caller.OrgId, cancellationToken));
}
