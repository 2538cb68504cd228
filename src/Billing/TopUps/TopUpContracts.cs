using System.ComponentModel.DataAnnotations;
using Billing.Catalog;
using Billing.Checkout;
using Billing.Persistence;

namespace Billing.TopUps;

/// <summary>What to buy: exactly one of <c>pack</c> and <c>credits</c>. The amount is worked out here.</summary>
internal sealed record TopUpRequest
{
    /// <summary>The pack's id, such as <c>small</c>. Not with <c>credits</c>.</summary>
    public string? Pack { get; init; }

    /// <summary>How many credits, within the configured bounds and in the configured step. Not with <c>pack</c>.</summary>
    [Range(1, TopUpOptions.MostCredits)]
    public long? Credits { get; init; }

    /// <summary>Where to go after paying; <c>session_id</c> is added. On an allowed origin. Default: as configured.</summary>
    [MaxLength(RedirectUrls.MaxLength)]
    public string? SuccessUrl { get; init; }

    /// <summary>Where to go after giving up. On an allowed origin. Default: as configured.</summary>
    [MaxLength(RedirectUrls.MaxLength)]
    public string? CancelUrl { get; init; }
}

/// <param name="Url">The page to send the buyer to. Whoever has it can pay: do not log or keep it.</param>
/// <param name="CheckoutUrl">The same, under the name that other APIs use.</param>
/// <param name="SessionId">The Stripe checkout session.</param>
/// <param name="ExpiresAt">Until when it can be paid.</param>
/// <param name="Credits">What paying brings; they never expire.</param>
internal sealed record TopUpResponse(string Url, string CheckoutUrl, string SessionId, DateTimeOffset ExpiresAt, long Credits)
{
    public static TopUpResponse Of(CheckoutSession session) =>
        new(session.Url!, session.Url!, session.SessionId!, session.ExpiresAt, session.Credits!.Value);
}
