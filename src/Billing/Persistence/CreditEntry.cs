namespace Billing.Persistence;

/// <summary>
/// One line of an org's ledger. Lines are only ever added, numbered without gaps, and each says what balance and debt it left: they add
/// up to those on the org's row (DESIGN rule 7).
/// </summary>
internal sealed class CreditEntry
{
    public required string OrgId { get; init; }

    /// <summary>1, 2, 3, ... within the org: the order of booking.</summary>
    public required long Number { get; init; }

    public required CreditEntryKind Kind { get; init; }

    public required long BalanceDelta { get; init; }

    public required long DebtDelta { get; init; }

    public required long BalanceAfter { get; init; }

    public required long DebtAfter { get; init; }

    /// <summary>What it is about: the source key of a grant, the id of a hold or reversal. Null where the kind says it all.</summary>
    public string? Source { get; init; }

    /// <summary>The caller's words.</summary>
    public string? Reason { get; init; }

    /// <summary>Of the debit; unique per org for ever, so that no retry debits twice, however late it comes.</summary>
    public string? IdempotencyKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum CreditEntryKind
{
    /// <summary>Credits were given.</summary>
    Grant,

    /// <summary>What was left of a grant has expired.</summary>
    Expiry,

    /// <summary>Credits were spent.</summary>
    Debit,

    /// <summary>Credits that a hold had reserved were spent.</summary>
    HoldSettlement,

    /// <summary>Credits paid a debt.</summary>
    DebtPayment,

    /// <summary>Credits were taken back, as the money for them went back.</summary>
    Reversal,

    /// <summary>Credits were given back, as the money for them came back.</summary>
    Reinstatement,
}
