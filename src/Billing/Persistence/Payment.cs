namespace Billing.Persistence;

/// <summary>A payment that money went back of, or may go back of: its refunds and disputes are read from Stripe (DESIGN rule 7).</summary>
internal sealed class Payment
{
    /// <summary>Stripe's payment intent.</summary>
    public required string Id { get; init; }

    /// <summary>Null while it is not known, and for payments that are not ours.</summary>
    public string? OrgId { get; set; }

    /// <summary>The subscription invoice that it paid; null for a top-up.</summary>
    public string? InvoiceId { get; set; }

    /// <summary>What was paid, in minor units.</summary>
    public long Paid { get; set; }

    public string? Currency { get; set; }

    /// <summary>What went back by refunds that did not fail.</summary>
    public long Refunded { get; set; }

    /// <summary>What disputes that are open or lost are about.</summary>
    public long Disputed { get; set; }

    /// <summary>When the next read is due, by the database's clock; null when none is.</summary>
    public DateTimeOffset? ReReadDueAt { get; set; }

    /// <summary>Goes up with every request for a read, so that one that arrives while a read is under way is not lost.</summary>
    public long ReReadRequests { get; set; }

    public int ReReadAttempts { get; set; }

    /// <summary>Until when, by the database's clock, a worker has this read.</summary>
    public DateTimeOffset? ReReadClaimedUntil { get; set; }
}
