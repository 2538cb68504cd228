using Billing.Api;
using Billing.Authentication;
using Billing.Checkout;
using Billing.Idempotency;

namespace Billing.TopUps;

internal static class TopUpEndpoints
{
    public static void MapTopUps(this RouteGroupBuilder billing) => billing.MapPost("/topup", StartAsync)
        .Requires(Role.Owner)
        .Validates<TopUpRequest>()
        .WithName("startTopUp").WithTags("Credits").WithSummary("Start the purchase of credits")
        .WithDescription("""
            Answers a payment page of Stripe's to send the buyer to. Paid credits never expire. The same request while such a page is open gets the same
            page; another request closes it.
            """)
        .WithRequestExample("pack", new TopUpRequest { Pack = "small" })
        .WithRequestExample("credits", new TopUpRequest { Credits = 2500 })
        .Produces<TopUpResponse>()
        .WithAnswerExample("page", new TopUpResponse(
            "https://checkout.stripe.com/c/pay/cs_test_a1b2c3", "https://checkout.stripe.com/c/pay/cs_test_a1b2c3", "cs_test_a1b2c3",
            new(2026, 11, 22, 8, 30, 0, TimeSpan.Zero), 500))
        .ProducesErrors(400, 401, 403, 404, 409, 413, 415, 502, 503)
        .Refuses(Obstacle.PaymentPending.Refusal)
        .Idempotent<TopUpRequest>("topup");

    private static async Task<IResult> StartAsync(Body<TopUpRequest> body, Caller caller, TopUpSales topUps, CancellationToken cancellationToken)
    {
        var session = await topUps.StartAsync(caller.OrgId, body.Value, cancellationToken);
        return session.ToHttp(TopUpResponse.Of);
    }
}
