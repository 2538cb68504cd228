using Billing.Api;
using Billing.Authentication;

namespace Billing.Portal;

internal static class PortalEndpoints
{
    public static void MapPortal(this RouteGroupBuilder billing) => billing.MapPost("/portal", OpenAsync)
        .Requires(Role.Admin)
        .Validates<PortalRequest>()
        .WithName("openPortal").WithTags("Portal").WithSummary("A link to the billing portal: plan, end, payment method, invoices")
        .WithDescription("The body may be left out. The link is a credential for minutes: make one when the user asks for it, and keep none.")
        .WithRequestExample("return_url", new PortalRequest { ReturnUrl = "https://app.example.com/billing" })
        .Produces<PortalResponse>()
        .WithAnswerExample("link", new PortalResponse("https://billing.stripe.com/p/session/test_a1b2c3", "https://billing.stripe.com/p/session/test_a1b2c3"))
        .ProducesErrors(400, 401, 403, 404, 413, 415, 502, 503)
        .Refuses(ApiError.NoBillingHistory());

    private static async Task<IResult> OpenAsync(Body<PortalRequest> body, Caller caller, Portals portals, CancellationToken cancellationToken)
    {
        var link = await portals.OpenAsync(caller.OrgId, body.Value.ReturnUrl, cancellationToken);
        return link.ToHttp(url => new PortalResponse(url, url));
    }
}
