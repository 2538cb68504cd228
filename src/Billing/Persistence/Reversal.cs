namespace Billing.Persistence;

/// <summary>One refund or dispute of a payment, as Stripe showed it last.</summary>
internal sealed class Reversal
{
    /// <summary><c>re_...</c> or <c>du_...</c>.</summary>
    public required string Id { get; init; }

    public required string PaymentId { get; init; }

    /// <summary>The payment's, so that the table can be split by org; null in rows of hosts that did not know it yet.</summary>
    public string? OrgId { get; set; }

    public required ReversalKind Kind { get; init; }

    /// <summary>Minor units of the payment's currency.</summary>
    public long Amount { get; set; }

    /// <summary>Stripe's word. What has ended does not begin again: failed or canceled beats succeeded, closed beats open.</summary>
    public required string Status { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum ReversalKind
{
    Refund,
    Dispute,
}
