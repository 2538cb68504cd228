using Billing.Api;
using Billing.Authentication;
using Billing.Idempotency;

namespace Billing.Activation;

internal static class ActivationEndpoints
{
    public static void MapActivation(this RouteGroupBuilder billing) => billing.MapPost("/activate", ActivateAsync)
        .Requires(Role.Owner)
        .Validates<ActivationRequest>()
        .WithName("activate").WithTags("Checkout").WithSummary("Book what a checkout session bought, without waiting for Stripe's webhook")
        .WithDescription("""
            For the page that the buyer comes back to, with the `session_id` of its URL. Safe to repeat: what is booked is never booked twice, here or by
            the webhook. 202 while the payment is still being processed: its outcome arrives by itself. A session that is unknown, still open,
            expired or another org's gets one and the same 403; 409 where somebody has to do something before the purchase can take effect.
            """)
        .WithRequestExample("session", new ActivationRequest { SessionId = "cs_test_a1b2c3" })
        .Produces<ActivationResponse>()
        .Produces<ActivationResponse>(StatusCodes.Status202Accepted)
        .WithAnswerExample("active", new ActivationResponse(true, ActivationState.Active, "pro", "active", 1000))
        .WithAnswerExample("credited", new ActivationResponse(true, ActivationState.Credited, "pro", "active", 1500))
        .WithAnswerExample("pending", new ActivationResponse(false, ActivationState.PendingPayment, "free", null, 0), StatusCodes.Status202Accepted)
        .ProducesErrors(400, 401, 403, 404, 409, 413, 415, 502, 503)
        .Refuses(Outcomes.Refusals)
        .Idempotent<ActivationRequest>("activate");

    private static async Task<IResult> ActivateAsync(
        Body<ActivationRequest> body, Caller caller, Activations activations, CancellationToken cancellationToken)
    {
        var activated = await activations.ActivateAsync(caller.OrgId, body.Value.SessionId!, cancellationToken);
        return activated is { Error: null, Value.State: ActivationState.PendingPayment }
            ? new JsonAnswer(activated.Value, StatusCodes.Status202Accepted)
            : activated.ToHttp(response => response);
    }
}
