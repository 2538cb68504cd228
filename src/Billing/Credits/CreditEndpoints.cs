using Billing.Api;
using Billing.Authentication;

namespace Billing.Credits;

internal static class CreditEndpoints
{
    public static void MapCredits(this RouteGroupBuilder billing)
    {
        billing.MapGet("/credits", ReadAsync).Describe("getCredits", "What the org can spend").Produces<CreditsResponse>();
        billing.MapGet("/credits/ledger", PageAsync).Describe("listLedger", "How the org's credits came and went, newest first")
            .Produces<LedgerResponse>();
        billing.MapDebits();
        billing.MapHolds();
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation, string summary) => endpoint
        .Requires(Role.Member)
        .WithName(operation).WithTags("Credits").WithSummary(summary)
        .ProducesErrors(400, 401, 403, 404, 503);

    private static async Task<IResult> ReadAsync(Caller caller, CreditBalance balance, CancellationToken cancellationToken) =>
        TypedResults.Ok(await balance.ReadAsync(caller.OrgId, cancellationToken));

    private static async Task<IResult> PageAsync(Caller caller, LedgerQuery query, LedgerPages pages, CancellationToken cancellationToken) =>
        TypedResults.Ok(await pages.ReadAsync(caller.OrgId, query.Limit, query.Before, query.Kind, cancellationToken));
}
