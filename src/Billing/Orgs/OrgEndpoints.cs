using Billing.Api;
using Billing.Authentication;

namespace Billing.Orgs;

internal static class OrgEndpoints
{
    public static void MapOrgs(this RouteGroupBuilder billing)
    {
        billing.MapPut("/orgs/{id}", SaveAsync)
            .Validates<OrgRequest>()
            .Describe("saveOrg", "Make an org, or replace its name and e-mail address", 400, 401, 403, 413, 415, 502, 503);
        billing.MapGet("/orgs/{id}", FindAsync)
            .Describe("getOrg", "An org, with its name and e-mail address", 400, 401, 403, 404, 503);
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation, string summary, params ReadOnlySpan<int> errors) => endpoint
        .Requires(Role.Service)
        .WithName(operation).WithTags("Orgs").WithSummary(summary)
        .Produces<OrgResponse>()
        .ProducesErrors(errors);

    private static async Task<IResult> SaveAsync(string id, Body<OrgRequest> body, OrgProfiles orgs, CancellationToken cancellationToken) =>
        (await orgs.SaveAsync(id, new OrgProfile(body.Value.Name, body.Value.Email), cancellationToken)).ToHttp(org => org);

    private static async Task<IResult> FindAsync(string id, OrgProfiles orgs, CancellationToken cancellationToken) =>
        (await orgs.FindAsync(id, cancellationToken)).ToHttp(org => org);
}
