namespace Billing.Persistence;

/// <summary>
/// A line of a paid invoice that paid for a price over a time: what plan credits follow (DESIGN rule 6). Its invoice and content are its
/// key, so that it is taken in once, whoever brings it.
/// </summary>
internal sealed class PaidPeriod
{
    public required string SubscriptionId { get; init; }

    /// <summary>The subscription's, so that the table can be split by org; null in rows of hosts that did not know it yet.</summary>
    public string? OrgId { get; init; }

    public required string InvoiceId { get; init; }

    public required string PriceId { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Whether it only paid the difference to another price inside a period; then its bounds are no period's.</summary>
    public required bool IsProration { get; init; }

    /// <summary>The plan of the price; null while that is not known.</summary>
    public string? Plan { get; set; }

    /// <summary>Whether the money went back in full: it brings nothing then.</summary>
    public bool IsReversed { get; set; }

    /// <summary>Minor units of <see cref="Currency"/> that the whole invoice was paid with.</summary>
    public required long InvoicePaid { get; init; }

    public required string Currency { get; init; }
}
