using Billing.Api;
using Billing.Authentication;
using Billing.Persistence;

namespace Billing.Credits;

internal static class CreditEndpoints
{
    public static void MapCredits(this RouteGroupBuilder billing)
    {
        billing.MapGet("/credits", ReadAsync).Describe("getCredits", "What the org can spend").WithMetadata(new FindsItsOrg())
            .Produces<CreditsResponse>()
            .WithAnswerExample("subscribed", new CreditsResponse(
                Balance: 1500, Available: 1500, PlanCredits: 1000, TopupCredits: 500, Held: 0, Debt: 0,
                NextExpiry: new(2026, 12, 24, 9, 30, 0, TimeSpan.Zero), NextGrantAt: new(2026, 12, 21, 9, 30, 0, TimeSpan.Zero)));
        billing.MapGet("/credits/ledger", PageAsync).Describe("listLedger", "How the org's credits came and went, newest first")
            .WithDescription("What has fallen due since the last booking, such as an expiry, is in the balance at once and in the ledger with the next booking.")
            .TakesQuery("limit", "How many entries at most: 1 to 100, by default 20.", "20")
            .TakesQuery("cursor", "`next_cursor` of the page before.", "41")
            .TakesQuery("kind", "Entries of this kind only.", "debit")
            .Produces<LedgerResponse>()
            .WithAnswerExample("page", new LedgerResponse(
                [new LedgerEntry(41, CreditEntryKind.Debit, -20, 0, 1480, 0, null, "render", new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero))], "41"));
        billing.MapDebits();
        billing.MapHolds();
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation, string summary) => endpoint
        .Requires(Role.Member)
        .WithName(operation).WithTags("Credits").WithSummary(summary)
        .ProducesErrors(400, 401, 403, 404, 503);

    private static async Task<IResult> ReadAsync(Caller caller, CreditBalance balance) =>
        new JsonAnswer(await balance.ReadAsync(caller.OrgId));

    private static async Task<IResult> PageAsync(Caller caller, LedgerQuery query, LedgerPages pages, CancellationToken cancellationToken) =>
        new JsonAnswer(await pages.ReadAsync(caller.OrgId, query.Limit, query.Before, query.Kind, cancellationToken));
}
