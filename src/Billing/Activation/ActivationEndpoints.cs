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
        .Produces<ActivationResponse>()
        .Produces<ActivationResponse>(StatusCodes.Status202Accepted)
        .ProducesErrors(400, 401, 403, 404, 413, 415, 502, 503)
        .Idempotent<ActivationRequest>("activate");

    private static async Task<IResult> ActivateAsync(
        Body<ActivationRequest> body, Caller caller, Activations activations, CancellationToken cancellationToken)
    {
        var activated = await activations.ActivateAsync(caller.OrgId, body.Value.SessionId!, cancellationToken);
        return activated is { Error: null, Value.State: ActivationState.PendingPayment }
            ? TypedResults.Json(activated.Value, statusCode: StatusCodes.Status202Accepted)
            : activated.ToHttp(response => response);
    }
}
