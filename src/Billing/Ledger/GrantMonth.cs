namespace Billing.Ledger;

/// <summary>A month that plan credits are for, [Start, End), counted in calendar months from an anchor (DESIGN rule 6).</summary>
internal readonly record struct GrantMonth(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>
    /// The month around an instant at or after the anchor. A month without the anchor's day ends on its last day, and later ones come back
    /// to that day: 31 January, 28 February, 31 March.
    /// </summary>
    public static GrantMonth Around(DateTimeOffset instant, DateTimeOffset anchor)
    {
        var from = anchor.UtcDateTime;
        var months = Math.Max(0, (instant.UtcDateTime.Year - from.Year) * 12 + instant.UtcDateTime.Month - from.Month);
        if (months > 0 && from.AddMonths(months) > instant.UtcDateTime)
        {
            months--;
        }
        return new GrantMonth(Utc(from.AddMonths(months)), Utc(from.AddMonths(months + 1)));
    }

    private static DateTimeOffset Utc(DateTime instant) => new(instant, TimeSpan.Zero);
}
