using Billing.Api;

namespace Billing.Idempotency;

/// <summary>How an endpoint takes an <c>Idempotency-Key</c>.</summary>
internal static class IdempotentCalls
{
    /// <summary>
    /// Lets clients name their request, and does it once for each name. For calls that talk to Stripe: the key is leased while the call
    /// runs. Say it after <see cref="Validation.Validates{T}"/>, so that what is not valid never touches a key. The endpoint takes a
    /// <see cref="Body{T}"/> and a <see cref="Authentication.Caller"/>, and marks an answer with a secret as
    /// <see cref="UnstoredResults.Unstored"/>.
    /// </summary>
    /// <param name="operation">Names the call in fingerprints, so never change it; the same for all paths of one call.</param>
    public static RouteHandlerBuilder Idempotent<T>(this RouteHandlerBuilder endpoint, string operation) where T : class => endpoint
        .WithMetadata(new IdempotentCall())
        .ProducesErrors(409, 422)
        .AddEndpointFilter(new IdempotencyFilter<T>(operation));
}

/// <summary>Marks an endpoint that takes the header, for the contract.</summary>
internal sealed record IdempotentCall(bool IsRequired = false);
