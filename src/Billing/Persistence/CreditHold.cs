namespace Billing.Persistence;

/// <summary>Credits reserved for work whose cost is not known yet; it ends once: settled, released or expired.</summary>
internal sealed class CreditHold
{
    public required Guid Id { get; init; }

    public required string OrgId { get; init; }

    /// <summary>1 or more.</summary>
    public required long Amount { get; init; }

    public HoldState State { get; set; } = HoldState.Active;

    /// <summary>What was taken when it was settled, 0 to <see cref="Amount"/>.</summary>
    public long? Settled { get; set; }

    public string? Reason { get; init; }

    /// <summary>From this instant on it reserves nothing.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum HoldState
{
    Active,
    Settled,
    Released,
    Expired,
}
