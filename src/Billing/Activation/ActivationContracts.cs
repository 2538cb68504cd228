using System.ComponentModel.DataAnnotations;
using Billing.Fulfilment;

namespace Billing.Activation;

/// <summary>What the success page has in its URL.</summary>
internal sealed record ActivationRequest
{
    /// <summary>The checkout session's id, <c>cs_...</c>.</summary>
    public string? SessionId { get; init; }
}

/// <param name="Success">Whether the session is paid and what it bought is booked; false while the payment is still being processed.</param>
/// <param name="State">What became of the session.</param>
/// <param name="Plan">The org's plan now.</param>
/// <param name="Status">The org's status now; null on the free plan.</param>
/// <param name="Credits">What the org can spend now.</param>
internal sealed record ActivationResponse(
    bool Success, ActivationState State, string Plan,
    [property: AllowedValues(SubscriptionStatus.Active, SubscriptionStatus.Trialing, SubscriptionStatus.PastDue)] string? Status,
    long Credits);

internal enum ActivationState
{
    /// <summary>This call put the org on the plan.</summary>
    Active,

    /// <summary>The org had the plan already: its webhook, or another call, was faster.</summary>
    AlreadyActive,

    /// <summary>This call credited the top-up.</summary>
    Credited,

    /// <summary>The top-up was credited before.</summary>
    AlreadyCredited,

    /// <summary>What the session bought is over; activating it again revives nothing.</summary>
    Ended,

    /// <summary>The payment is still being processed; its outcome arrives by itself.</summary>
    PendingPayment,
}
