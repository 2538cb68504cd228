using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;

namespace Billing.Checkout;

internal static class CheckoutEndpoints
{
    public static void MapCheckout(this RouteGroupBuilder billing)
    {
        billing.MapPost("/checkout", StartAsync).Describe("startCheckout");
        billing.MapPost("", StartAsync).Describe("startCheckoutAtRoot");
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation) => endpoint
        .Requires(Role.Owner)
        .Validates<CheckoutRequest>()
        .WithName(operation).WithTags("Checkout").WithSummary("Start the purchase of a plan")
        .Produces<CheckoutResponse>()
        .ProducesErrors(400, 401, 403, 404, 409, 413, 415, 502, 503)
        .Idempotent<CheckoutRequest>("checkout");

    private static async Task<IResult> StartAsync(Body<CheckoutRequest> body, Caller caller, Checkouts checkouts, CancellationToken cancellationToken)
    {
        var started = await checkouts.StartAsync(caller.OrgId, body.Value, cancellationToken);
        var answer = started.ToHttp(link => link);
        // A portal link is a credential for minutes: a retry gets a fresh one (DESIGN rule 9).
        return started is { Error: null, Value.Kind: CheckoutResultKind.PlanChange } ? answer.Unstored() : answer;
    }
}
