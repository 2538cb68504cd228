namespace Billing.Persistence;

/// <summary>
/// Something that was done about an org and that neither an event nor a ledger entry tells, for those who ask later why it has what it has.
/// Deleted with old events (Billing:Retention:Events).
/// </summary>
internal sealed class ActivityEntry
{
    public required Guid Id { get; init; }

    /// <summary>Not a foreign key: nothing depends on it.</summary>
    public required string OrgId { get; init; }

    public required ActivityEntryKind Kind { get; init; }

    /// <summary>What it was about, by Stripe's id.</summary>
    public required string Subject { get; init; }

    /// <summary>What came of it, in words, without personal data.</summary>
    public required string Detail { get; init; }

    public required DateTimeOffset HappenedAt { get; init; }

    public static ActivityEntry New(string orgId, ActivityEntryKind kind, string subject, string detail, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        OrgId = orgId,
        Kind = kind,
        Subject = subject,
        Detail = detail,
        HappenedAt = now,
    };
}

internal enum ActivityEntryKind
{
    /// <summary>A buyer came back from the payment page.</summary>
    Activation,

    /// <summary>A subscription or payment was read from Stripe.</summary>
    StripeRead,
}
