namespace Billing.Persistence;

/// <summary>One line of an org's ledger. Entries are only ever added; they add up to the balance and the debt on the org's row.</summary>
internal sealed class CreditEntry
{
    /// <summary>Ascending in the order of booking.</summary>
    public long Id { get; init; }

    public required string OrgId { get; init; }

    public required CreditEntryKind Kind { get; init; }

    public required Guid GrantId { get; init; }

    public required long BalanceDelta { get; init; }

    public required long DebtDelta { get; init; }

    public required long BalanceAfter { get; init; }

    public required long DebtAfter { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum CreditEntryKind
{
    Grant,
    Expiry,
}
