using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;
using Billing.Persistence;

namespace Billing.Checkout;

internal static class CheckoutEndpoints
{
    private static readonly DateTimeOffset ExampleExpiry = new(2026, 11, 22, 8, 30, 0, TimeSpan.Zero);

    public static void MapCheckout(this RouteGroupBuilder billing)
    {
        billing.MapPost("/checkout", StartAsync).Describe("startCheckout").WithDescription("""
            Answers a page of Stripe's to send the buyer to. An org without a subscription pays there (`new_subscription`); one that is subscribed to
            another plan confirms the change in the billing portal (`plan_change`). The same request while such a page is open gets the same page;
            another request closes it.
            """);
        billing.MapPost("", StartAsync).Describe("startCheckoutAtRoot").SameAs("POST /v1/billing/checkout");
    }

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string operation) => endpoint
        .Requires(Role.Owner)
        .Validates<CheckoutRequest>()
        .WithName(operation).WithTags("Checkout").WithSummary("Start the purchase of a plan")
        .WithRequestExample("plan", new CheckoutRequest { Plan = "pro", Interval = BillingInterval.Monthly })
        .Produces<CheckoutResponse>()
        .WithAnswerExample("new_subscription", new CheckoutResponse(
            "https://checkout.stripe.com/c/pay/cs_test_a1b2c3", "https://checkout.stripe.com/c/pay/cs_test_a1b2c3", "cs_test_a1b2c3", ExampleExpiry,
            CheckoutResultKind.NewSubscription))
        .WithAnswerExample("plan_change", CheckoutResponse.PlanChange("https://billing.stripe.com/p/session/test_a1b2c3"))
        .ProducesErrors(400, 401, 403, 404, 409, 413, 415, 502, 503)
        .Refuses(Obstacle.Refusals)
        .Idempotent<CheckoutRequest>("checkout");

    private static async Task<IResult> StartAsync(Body<CheckoutRequest> body, Caller caller, Checkouts checkouts, CancellationToken cancellationToken)
    {
        var started = await checkouts.StartAsync(caller.OrgId, body.Value, cancellationToken);
        var answer = started.ToHttp(link => link);
        // A portal link is a credential for minutes: a retry gets a fresh one (DESIGN rule 9).
        return started is { Error: null, Value.Kind: CheckoutResultKind.PlanChange } ? answer.Unstored() : answer;
    }
}
