namespace Billing.Persistence;

/// <summary>
/// Credits that an org was given, and what is left of them. Its source key names the business object that they were given for, once per
/// org, so that webhook, activation and reconciler may all try (DESIGN rule 2).
/// </summary>
internal sealed class CreditGrant
{
    public required Guid Id { get; init; }

    public required string OrgId { get; init; }

    public required CreditSource Source { get; init; }

    /// <summary>Such as <c>top_up:{intent}</c> or <c>plan:{first second of the month}:{level}:{ledger entry}</c>; unique per org.</summary>
    public required string SourceKey { get; init; }

    /// <summary>1 or more.</summary>
    public required long Amount { get; init; }

    /// <summary>0 to <see cref="Amount"/>.</summary>
    public long Remaining { get; set; }

    /// <summary>From this instant on nothing of it is left. Null: never, as for top-ups.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>What of it nobody spent in time; with what is left at most <see cref="Amount"/>.</summary>
    public long Expired { get; set; }

    /// <summary>What was taken back of it, wherever it was taken from; 0 to <see cref="Amount"/>.</summary>
    public long Reversed { get; set; }

    /// <summary>The first instant of the month of the plan that it is for; null for other sources.</summary>
    public DateTimeOffset? MonthStart { get; init; }

    /// <summary>Up to how many credits in all it filled that month.</summary>
    public long? MonthLevel { get; init; }

    /// <summary>The invoice that paid for a month of the plan.</summary>
    public string? InvoiceId { get; init; }

    /// <summary>What a top-up was paid with.</summary>
    public string? PaymentIntentId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum CreditSource
{
    /// <summary>A month of the plan.</summary>
    Plan,

    /// <summary>A month of the free plan.</summary>
    Free,

    TopUp,
}
