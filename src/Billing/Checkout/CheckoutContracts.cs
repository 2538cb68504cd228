using System.ComponentModel.DataAnnotations;
using Billing.Persistence;

namespace Billing.Checkout;

/// <summary>What the buyer wants; the price never comes from here but from the catalog.</summary>
internal sealed record CheckoutRequest
{
    /// <summary>The plan's id, such as <c>pro</c>. Required unless a default plan is configured.</summary>
    public string? Plan { get; init; }

    /// <summary>How often to pay. Default <c>monthly</c>.</summary>
    public BillingInterval? Interval { get; init; }

    /// <summary>Where to go after paying; <c>session_id</c> is added. On an allowed origin. Default: as configured.</summary>
    [MaxLength(RedirectUrls.MaxLength)]
    public string? SuccessUrl { get; init; }

    /// <summary>Where to go after giving up. On an allowed origin. Default: as configured.</summary>
    [MaxLength(RedirectUrls.MaxLength)]
    public string? CancelUrl { get; init; }
}

/// <param name="Url">The page to send the buyer to. Whoever has it can pay: do not log or keep it.</param>
/// <param name="CheckoutUrl">The same, under the name that other APIs use.</param>
/// <param name="SessionId">The Stripe checkout session; null for a change of plan.</param>
/// <param name="ExpiresAt">Until when it can be paid; null for a change of plan, whose link lasts minutes.</param>
/// <param name="Kind">What confirming there does.</param>
internal sealed record CheckoutResponse(string Url, string CheckoutUrl, string? SessionId, DateTimeOffset? ExpiresAt, CheckoutResultKind Kind)
{
    public static CheckoutResponse NewSubscription(CheckoutSession session) =>
        new(session.Url!, session.Url!, session.SessionId, session.ExpiresAt, CheckoutResultKind.NewSubscription);

    public static CheckoutResponse PlanChange(string url) => new(url, url, null, null, CheckoutResultKind.PlanChange);
}

internal enum CheckoutResultKind
{
    /// <summary>Paying starts a subscription.</summary>
    NewSubscription,

    /// <summary>The org is subscribed: confirming moves its subscription to the other plan.</summary>
    PlanChange,
}
