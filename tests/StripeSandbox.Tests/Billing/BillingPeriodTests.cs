using FsCheck;
using FsCheck.Fluent;
using StripeSandbox.Billing;

namespace StripeSandbox.Tests.Billing;

public sealed class BillingPeriodTests
{
    private static readonly Gen<(long Anchor, string Interval, long Count, long Later)> Cases =
        from anchor in Gen.Choose(946684800, 2000000000)
        from interval in Gen.Elements("day", "week", "month", "year")
        from count in Gen.Choose(1, 6)
        from later in Gen.Choose(0, 500_000_000)
        select ((long)anchor, interval, (long)count, (long)later);

    [Fact]
    public void Period_AnyInstant_HoldsIt() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var period = BillingPeriod.Holding(c.Anchor + c.Later, c.Anchor, c.Interval, c.Count);
        return period.Start <= c.Anchor + c.Later && c.Anchor + c.Later < period.End;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Period_ItsEnd_BeginsTheNext() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var period = BillingPeriod.Holding(c.Anchor + c.Later, c.Anchor, c.Interval, c.Count);
        return BillingPeriod.Holding(period.End, c.Anchor, c.Interval, c.Count).Start == period.End
            && BillingPeriod.Holding(period.Start, c.Anchor, c.Interval, c.Count) == period;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Period_OfMonths_KeepsTheAnchorsDayOrTheMonthsLast() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var anchor = DateTimeOffset.FromUnixTimeSeconds(c.Anchor);
        var end = DateTimeOffset.FromUnixTimeSeconds(BillingPeriod.Holding(c.Anchor + c.Later, c.Anchor, "month", c.Count).End);
        return end.Day == Math.Min(anchor.Day, DateTime.DaysInMonth(end.Year, end.Month)) && end.TimeOfDay == anchor.TimeOfDay;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2026-01-31T12:00:00Z", "month", 1, "2026-02-28T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00Z", "month", 2, "2026-03-31T12:00:00Z")]
    [InlineData("2024-02-29T00:00:00Z", "year", 1, "2025-02-28T00:00:00Z")]
    [InlineData("2024-02-29T00:00:00Z", "year", 4, "2028-02-29T00:00:00Z")]
    public void Boundary_ShortMonth_ClampsAndComesBack(string anchor, string interval, long index, string expected) =>
        Assert.Equal(At(expected), BillingPeriod.Boundary(At(anchor), interval, 1, index));

    [Fact]
    public void Share_AnyInstant_CreditAndUsedPartMakeTheWhole() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var period = BillingPeriod.Holding(c.Anchor, c.Anchor, c.Interval, c.Count);
        var at = period.Start + c.Later % (period.Seconds + 1);
        var rest = Proration.Share(c.Later, period, at);
        return rest >= 0 && rest <= c.Later && Proration.Share(-c.Later, period, at) == -rest
            && Proration.Share(c.Later, period, period.Start) == c.Later && Proration.Share(c.Later, period, period.End) == 0;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1000, -3000, 0, -2000)]
    [InlineData(5000, -3000, 2000, 0)]
    [InlineData(-700, 0, 0, -700)]
    [InlineData(1000, 250, 1250, 0)]
    public void Balance_Applied_IsUsedUpBeforeAnythingIsDue(long total, long starting, long due, long ending) =>
        Assert.Equal((due, ending), Balance.Apply(total, starting));

    [Theory]
    [InlineData(2000, "usd", "$20.00")]
    [InlineData(500, "jpy", "¥500")]
    [InlineData(123456, "chf", "CHF 1,234.56")]
    [InlineData(-1000, "eur", "-€10.00")]
    public void Money_Shown_FollowsItsCurrency(long amount, string currency, string text) => Assert.Equal(text, Money.Display(amount, currency));

    private static long At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
