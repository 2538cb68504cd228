using Billing.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests;

public sealed class GrantMonthTests
{
    [Theory]
    // Monthly periods are one month each, however long: those of a buyer on the 31st as Stripe cuts them.
    [InlineData("2027-01-31", "2027-02-28", "2027-02-10", "2027-01-31", "2027-02-28")]
    [InlineData("2027-02-28", "2027-03-31", "2027-02-28", "2027-02-28", "2027-03-31")]
    [InlineData("2027-02-28", "2027-03-31", "2027-03-29", "2027-02-28", "2027-03-31")]
    [InlineData("2027-02-28", "2027-03-31", "2027-02-27", "2027-02-28", "2027-03-31")]
    [InlineData("2026-12-15", "2027-01-15", "2027-01-14", "2026-12-15", "2027-01-15")]
    // A trial of two weeks is one month, too.
    [InlineData("2027-01-01", "2027-01-15", "2027-01-14", "2027-01-01", "2027-01-15")]
    // And one of 30 or 31 days is one, though it touches three calendar months.
    [InlineData("2027-01-31", "2027-03-02", "2027-03-01", "2027-01-31", "2027-03-02")]
    [InlineData("2027-01-30", "2027-03-01", "2027-02-28", "2027-01-30", "2027-03-01")]
    [InlineData("2027-03-31", "2027-05-01", "2027-04-30", "2027-03-31", "2027-05-01")]
    // A year is cut into twelve, and no day of a leap year makes a thirteenth.
    [InlineData("2027-01-31", "2028-01-31", "2027-02-28", "2027-02-28", "2027-03-31")]
    [InlineData("2027-01-31", "2028-01-31", "2027-03-30", "2027-02-28", "2027-03-31")]
    [InlineData("2028-02-29", "2029-02-28", "2029-02-27", "2029-01-29", "2029-02-28")]
    [InlineData("2031-02-28", "2032-02-29", "2032-02-28", "2032-01-28", "2032-02-29")]
    public void Month_OfAPaidPeriod_IsAsTheCalendarHasIt(string from, string until, string instant, string start, string end) => Assert.Equal(
        new GrantMonth(Day(start), Day(end)), GrantMonth.Around(Day(instant), Day(from), Day(until)));

    [Fact]
    public void Months_OfAnyYear_FollowEachOther_TwelveOfThem()
    {
        var hours = Gen.Choose(0, 50 * 366 * 24);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(hours.ToArbitrary(), hour =>
        {
            var from = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hour);
            var (until, count, at) = (from.AddYears(1), 0, from);
            while (at < until)
            {
                var month = GrantMonth.Around(at, from, until);
                Assert.Equal(at, month.Start);
                (at, count) = (month.End, count + 1);
            }
            Assert.Equal((12, until), (count, at));
        }));
    }

    private static DateTimeOffset Day(string date) => DateTimeOffset.Parse(date + "T10:00:00Z");
}
