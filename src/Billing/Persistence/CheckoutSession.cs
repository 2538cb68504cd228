namespace Billing.Persistence;

/// <summary>
/// An intent to sell, committed before Stripe is asked (DESIGN rule 5), and what became of it. At most one per org and kind is live
/// (<see cref="CheckoutState.Creating"/> or <see cref="CheckoutState.Open"/>); a unique index holds that.
/// </summary>
internal sealed class CheckoutSession
{
    /// <summary>The intent's id: in Stripe's metadata and in the idempotency key.</summary>
    public required Guid Id { get; init; }

    public required string OrgId { get; init; }

    public required CheckoutKind Kind { get; init; }

    /// <summary>Null for a top-up, as are the interval and the price.</summary>
    public string? Plan { get; init; }

    public BillingInterval? Interval { get; init; }

    public string? PriceId { get; init; }

    /// <summary>What a top-up brings; null for a subscription.</summary>
    public long? Credits { get; init; }

    /// <summary>Minor units of <see cref="Currency"/>: per interval, or once for a top-up.</summary>
    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public required string SuccessUrl { get; init; }

    public required string CancelUrl { get; init; }

    /// <summary>What is sent to Stripe, kept as written so that a retry sends the same.</summary>
    public required string Parameters { get; init; }

    /// <summary>Part of the Stripe idempotency key; goes up only after Stripe certainly refused, or replayed a failure that made nothing payable.</summary>
    public int Attempt { get; set; } = 1;

    public CheckoutState State { get; set; } = CheckoutState.Creating;

    /// <summary>Stripe's id; unique. Null until Stripe answered.</summary>
    public string? SessionId { get; set; }

    public string? Url { get; set; }

    /// <summary>Stripe's word, once the session is complete, or one of ours: see <see cref="Fulfilment.PaymentStatus"/>.</summary>
    public string? PaymentStatus { get; set; }

    public string? SubscriptionId { get; set; }

    /// <summary>Of a paid top-up.</summary>
    public string? PaymentIntentId { get; set; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum CheckoutKind
{
    Subscription,
    TopUp,
}

internal enum CheckoutState
{
    /// <summary>Stripe was not asked yet, or its answer is not known.</summary>
    Creating,

    Open,

    Complete,

    Expired,

    /// <summary>Stripe refused it and another request took its place.</summary>
    Abandoned,
}
