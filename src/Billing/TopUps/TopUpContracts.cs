using Billing.Persistence;

namespace Billing.TopUps;

/// <summary>What to buy: exactly one of a pack and a number of credits. The amount is worked out here.</summary>
internal sealed record TopUpRequest
{
    /// <summary>The pack's id.</summary>
    public string? Pack { get; init; }

    /// <summary>How many credits, within the configured bounds and in the configured step.</summary>
    public long? Credits { get; init; }

    /// <summary>Where to go after paying; <c>session_id</c> is added. On an allowed origin.</summary>
    public string? SuccessUrl { get; init; }

    /// <summary>Where to go after giving up. On an allowed origin.</summary>
    public string? CancelUrl { get; init; }
}

/// <param name="Url">The page to send the buyer to. Whoever has it can pay: do not log or keep it.</param>
/// <param name="CheckoutUrl">The same as <paramref name="Url"/>, under the name that other APIs use.</param>
/// <param name="SessionId">The Stripe checkout session.</param>
/// <param name="ExpiresAt">Until when it can be paid.</param>
/// <param name="Credits">What paying brings; they never expire.</param>
internal sealed record TopUpResponse(string Url, string CheckoutUrl, string SessionId, DateTimeOffset ExpiresAt, long Credits)
{
    public static TopUpResponse Of(CheckoutSession session) =>
        new(session.Url!, session.Url!, session.SessionId!, session.ExpiresAt, session.Credits!.Value);
}
