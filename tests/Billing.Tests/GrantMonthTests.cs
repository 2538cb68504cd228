using Billing.Ledger;
using FsCheck;
using FsCheck.Fluent;

namespace Billing.Tests;

public sealed class GrantMonthTests
{
    [Theory]
    [InlineData("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", "2026-02-28T09:59:59Z", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z")]
    [InlineData("2026-01-31T10:00:00Z", "2026-03-31T10:00:00Z", "2026-03-31T10:00:00Z", "2026-04-30T10:00:00Z")]
    [InlineData("2028-01-31T00:00:00Z", "2028-03-01T00:00:00Z", "2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z")]
    [InlineData("2024-02-29T00:00:00Z", "2025-02-28T00:00:00Z", "2025-02-28T00:00:00Z", "2025-03-29T00:00:00Z")]
    [InlineData("2026-11-15T00:00:00Z", "2027-01-14T23:59:59Z", "2026-12-15T00:00:00Z", "2027-01-15T00:00:00Z")]
    public void Month_OfAnInstant_StartsOnTheAnchorsDayOrTheMonthsLast(string anchor, string instant, string start, string end) => Assert.Equal(
        new GrantMonth(DateTimeOffset.Parse(start), DateTimeOffset.Parse(end)),
        GrantMonth.Around(DateTimeOffset.Parse(instant), DateTimeOffset.Parse(anchor)));

    [Fact]
    public void Months_OfAnyAnchor_HoldTheirInstantsAndFollowEachOther()
    {
        var hours = Gen.Choose(0, 50 * 366 * 24);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Gen.Zip(hours, hours).ToArbitrary(), pair =>
        {
            var anchor = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(pair.Item1);
            var instant = anchor.AddHours(pair.Item2);
            var month = GrantMonth.Around(instant, anchor);
            return month.Start <= instant && instant < month.End && GrantMonth.Around(month.End, anchor).Start == month.End;
        }));
    }
}
