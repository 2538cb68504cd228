namespace Billing.Persistence;

/// <summary>Who changed what by hand or by repair, and why. Append-only: hosts may insert and read (docs/migrations.md).</summary>
internal sealed class AuditEntry
{
    public required Guid Id { get; init; }

    /// <summary>Such as <c>cli</c> or <c>reconciler</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, such as <c>receive_event</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, by Stripe's id where it has one.</summary>
    public required string Subject { get; init; }

    /// <summary>Null where it is of no org, or not known of which. Not a foreign key: the entry outlives the org.</summary>
    public string? OrgId { get; init; }

    public required string Reason { get; init; }

    /// <summary>JSON; null if there was nothing.</summary>
    public string? Before { get; init; }

    public string? After { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
