using System.ComponentModel.DataAnnotations;
using Billing.Api;
using Billing.Authentication;

namespace Billing.Orgs;

internal static class OrgEndpoints
{
    private const string IdPattern = $"^{OrgId.Pattern}$"; // for the contract

    public static void MapOrgs(this RouteGroupBuilder billing)
    {
        billing.MapPut("/orgs/{id}", SaveAsync)
            .Validates<OrgRequest>()
            .WithDescription("Safe to repeat. Stripe is told too, so that its receipts carry the name and go to the address.")
            .WithRequestExample("acme", new OrgRequest { Name = "Acme GmbH", Email = "billing@acme.example" })
            .Describe("saveOrg", "Make an org, or replace its name and e-mail address", 400, 401, 403, 413, 415, 502, 503);
        billing.MapGet("/orgs/{id}", FindAsync)
            .Describe("getOrg", "An org, with its name and e-mail address", 400, 401, 403, 404, 503);
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation, string summary, params ReadOnlySpan<int> errors) => endpoint
        .Requires(Role.Service)
        .WithName(operation).WithTags("Orgs").WithSummary(summary)
        .Produces<OrgResponse>()
        .WithAnswerExample("acme", new OrgResponse("acme", "Acme GmbH", "billing@acme.example", "free", new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero)))
        .ProducesErrors(errors);

    /// <param name="id">The SaaS's own id of the org.</param>
    private static async Task<IResult> SaveAsync(
        [RegularExpression(IdPattern)] string id, Body<OrgRequest> body, OrgProfiles orgs, CancellationToken cancellationToken) =>
        (await orgs.SaveAsync(id, new OrgProfile(body.Value.Name, body.Value.Email), cancellationToken)).ToHttp(org => org);

    /// <param name="id">The SaaS's own id of the org.</param>
    private static async Task<IResult> FindAsync([RegularExpression(IdPattern)] string id, OrgProfiles orgs, CancellationToken cancellationToken) =>
        (await orgs.FindAsync(id, cancellationToken)).ToHttp(org => org);
}
