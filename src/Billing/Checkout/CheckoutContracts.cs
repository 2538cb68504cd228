using Billing.Persistence;

namespace Billing.Checkout;

/// <summary>What the buyer wants; the price never comes from here but from the catalog.</summary>
internal sealed record CheckoutRequest
{
    /// <summary>The plan's id. Required unless a default plan is configured.</summary>
    public string? Plan { get; init; }

    /// <summary>Default <c>monthly</c>.</summary>
    public BillingInterval? Interval { get; init; }

    /// <summary>Where to go after paying; <c>session_id</c> is added. On an allowed origin.</summary>
    public string? SuccessUrl { get; init; }

    /// <summary>Where to go after giving up. On an allowed origin.</summary>
    public string? CancelUrl { get; init; }
}

/// <param name="Url">The page to send the buyer to. Whoever has it can pay: do not log or keep it.</param>
/// <param name="CheckoutUrl">The same as <paramref name="Url"/>, under the name that other APIs use.</param>
/// <param name="SessionId">The Stripe checkout session.</param>
/// <param name="ExpiresAt">Until when it can be paid.</param>
/// <param name="Kind">What paying does.</param>
internal sealed record CheckoutResponse(string Url, string CheckoutUrl, string SessionId, DateTimeOffset ExpiresAt, CheckoutResultKind Kind);

internal enum CheckoutResultKind
{
    NewSubscription,
}
