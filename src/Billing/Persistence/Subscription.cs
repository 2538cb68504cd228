namespace Billing.Persistence;

/// <summary>Our copy of one Stripe subscription, with the two marks that tell old news from new (DESIGN rule 3).</summary>
internal sealed class Subscription
{
    public required string Id { get; init; }

    public required string OrgId { get; init; }

    /// <summary>Stripe's word; null while only its existence is known and the first read is due.</summary>
    public string? Status { get; set; }

    public string? PriceId { get; set; }

    /// <summary>The catalog plan of <see cref="PriceId"/>; the former plan while the price is in no catalog (DESIGN section 4).</summary>
    public string? Plan { get; set; }

    public BillingInterval? Interval { get; set; }

    public DateTimeOffset? CurrentPeriodStart { get; set; }

    public DateTimeOffset? CurrentPeriodEnd { get; set; }

    public bool CancelAtPeriodEnd { get; set; }

    public DateTimeOffset? CancelAt { get; set; }

    public DateTimeOffset? TrialEnd { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When Stripe made it; decides between two live ones of the same rank.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>The end of the newest period that is paid for (DESIGN rule 6); never goes back.</summary>
    public DateTimeOffset? PaidThrough { get; set; }

    /// <summary>What its paid invoices paid for.</summary>
    public List<PaidPeriod> PaidPeriods { get; init; } = [];

    /// <summary>When the unpaid period began, while past due.</summary>
    public DateTimeOffset? PastDueSince { get; set; }

    /// <summary>The <c>created</c> second of the newest event snapshot applied.</summary>
    public DateTimeOffset? StateAt { get; set; }

    /// <summary>The second, by Stripe's <c>Date</c>, in which the last re-read was answered: later snapshots are newer than it for certain.</summary>
    public DateTimeOffset? ReadAt { get; set; }

    /// <summary>When the next re-read is due, by the database's clock; null when none is.</summary>
    public DateTimeOffset? ReReadDueAt { get; set; }

    /// <summary>Goes up with every request for a re-read, so that one that arrives while a read is under way is not lost.</summary>
    public long ReReadRequests { get; set; }

    public int ReReadAttempts { get; set; }

    /// <summary>Until when, by the database's clock, a worker has this re-read.</summary>
    public DateTimeOffset? ReReadClaimedUntil { get; set; }
}
