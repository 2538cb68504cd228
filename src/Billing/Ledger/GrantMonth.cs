namespace Billing.Ledger;

/// <summary>A month of a paid period that plan credits are for, [Start, End) (DESIGN rule 6).</summary>
internal readonly record struct GrantMonth(DateTimeOffset Start, DateTimeOffset End)
{
    private const double AverageMonth = 365.2425 / 12;

    /// <summary>
    /// The month of the paid period [<paramref name="from"/>, <paramref name="until"/>) around an instant in it; an instant before it counts
    /// as its start. A period of about a month is one month, whatever its length; a longer one is cut on its first day's day of the month,
    /// or the month's last, and its last month ends with it: Stripe's own anchor may be a later day than this period could start on.
    /// </summary>
    public static GrantMonth Around(DateTimeOffset instant, DateTimeOffset from, DateTimeOffset until)
    {
        var (first, last) = (from.UtcDateTime, until.UtcDateTime);
        var months = Math.Max(1, (int)Math.Round((last - first).TotalDays / AverageMonth)); // 30 days from the 31st touch three calendar months
        var month = Math.Clamp(Months(first, instant.UtcDateTime), 0, months - 1);
        if (month > 0 && first.AddMonths(month) > instant.UtcDateTime)
        {
            month--;
        }
        return new GrantMonth(Utc(first.AddMonths(month)), month == months - 1 ? until : Utc(first.AddMonths(month + 1)));
    }

    /// <summary>The month around an instant, counted from an anchor without end.</summary>
    public static GrantMonth Since(DateTimeOffset instant, DateTimeOffset anchor)
    {
        var first = anchor.UtcDateTime;
        var month = Math.Max(0, Months(first, instant.UtcDateTime));
        if (month > 0 && first.AddMonths(month) > instant.UtcDateTime)
        {
            month--;
        }
        return new GrantMonth(Utc(first.AddMonths(month)), Utc(first.AddMonths(month + 1)));
    }

    private static int Months(DateTime from, DateTime to) => (to.Year - from.Year) * 12 + to.Month - from.Month;

    private static DateTimeOffset Utc(DateTime instant) => new(instant, TimeSpan.Zero);
}
