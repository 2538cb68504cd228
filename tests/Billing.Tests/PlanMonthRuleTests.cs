using Billing.Ledger;
using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>DESIGN rule 6 on its own: what each kind of change does to the months of an org, with dates.</summary>
public sealed class PlanMonthRuleTests
{
    private static readonly DateTimeOffset Bought = new(2027, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private readonly PureLedger _pure = new(Bought);
    private readonly OrgLedger _ledger;

    public PlanMonthRuleTests() => _ledger = _pure.Ledger;

    [Fact]
    public void Renewal_PaidAnHourLate_LeavesTheLastMonthsCreditsUntilThen()
    {
        Pay(1000, Bought, Day(2, 28));
        _ledger.BringTo(Day(2, 28));
        Assert.Equal(1000, _ledger.Balance);

        Pay(1000, Day(2, 28), Day(3, 31), at: Day(2, 28).AddHours(1));

        Assert.Equal([1000, -1000, 1000], Deltas());
    }

    [Fact]
    public void Renewal_NeverPaid_EndsTheCreditsWithTheGrace()
    {
        Pay(1000, Bought, Day(2, 28));
        _ledger.BringTo(Day(2, 28).AddHours(72).AddSeconds(-1));
        Assert.Equal(1000, _ledger.Balance);
        _ledger.BringTo(Day(2, 28).AddHours(72));
        Assert.Equal(0, _ledger.Balance);
    }

    [Fact]
    public void IntervalToggle_InsideAMonth_StartsNoSecondOne_AndTheNextFollowsIt()
    {
        Pay(1000, Bought, Day(2, 28));
        Pay(1000, Day(2, 10), Day(2, 10).AddYears(1), at: Day(2, 10));
        Assert.Equal([1000], Deltas());

        _ledger.BringTo(Day(2, 28).AddHours(1));
        Assert.Equal((Day(2, 28), Day(3, 10)), (_ledger.Org.GrantMonthStart, _ledger.Org.GrantMonthEnd));
        _ledger.BringTo(Day(3, 10));
        Assert.Equal(Day(4, 10), _ledger.Org.GrantMonthEnd);
    }

    [Fact]
    public void CancelAndRebuy_InsideAMonth_StartsNoSecondOne()
    {
        Pay(1000, Bought, Day(2, 28));
        _ledger.Entitle(Entitlement.None, Day(2, 5));
        Pay(1000, Day(2, 6), Day(3, 6), at: Day(2, 6));
        Assert.Equal([1000], Deltas());
    }

    [Fact]
    public void Upgrade_Paid_BringsTheDifference_AndADowngradeAfterItTakesNothing()
    {
        Pay(1000, Bought, Day(2, 28));
        Pay(5000, Bought, Day(2, 28), at: Day(2, 10));
        Pay(1000, Bought, Day(2, 28), at: Day(2, 11));
        Pay(5000, Bought, Day(2, 28), at: Day(2, 12));
        Assert.Equal([1000, 4000], Deltas());

        Pay(1000, Day(2, 28), Day(3, 31), at: Day(2, 28));
        Assert.Equal(1000, _ledger.Balance);
    }

    [Fact]
    public void AnnualPlan_BoughtOnTheLeapDay_HasTwelveMonths()
    {
        var leap = new DateTimeOffset(2028, 2, 29, 9, 0, 0, TimeSpan.Zero);
        Pay(1000, leap, new(2029, 2, 28, 9, 0, 0, TimeSpan.Zero), at: leap);
        _ledger.BringTo(leap.AddYears(2));
        Assert.Equal(12, Deltas().Count(delta => delta > 0));
        Assert.Equal(0, _ledger.Balance);
    }

    [Fact]
    public void Debt_OfAnAnnualPlan_IsPaidByTheNextMonth_WheneverItIsLookedAt()
    {
        Pay(1000, Bought, Bought.AddYears(1));
        var grant = _ledger.NewGrants.Single();
        _ledger.Debit(800, null, null, Bought);
        _pure.Reverse(grant, 1000, "pi", Bought);
        Assert.Equal((0, 800), (_ledger.Balance, _ledger.Debt));

        _ledger.BringTo(Bought.AddMonths(2).AddDays(1));

        Assert.Equal((1000, 0), (_ledger.Balance, _ledger.Debt));
    }

    [Fact]
    public void Upgrade_ThatIsNotPaid_BringsNothing_AndTheNextMonthIsOfWhatIsPaid()
    {
        Pay(1000, Bought, Day(2, 28));
        _ledger.Entitle(new Entitlement(1000, Bought, Day(2, 28), "in_" + Bought.Ticks), Day(2, 10)); // team now, and its invoice is open
        Assert.Equal([1000], Deltas());

        Pay(5000, Day(2, 28), Day(3, 31), at: Day(2, 28));
        Assert.Equal(5000, _ledger.Balance);
    }

    [Fact]
    public void Rebuy_InAMonthThatWasRefunded_BringsItsCreditsAgain_AndNotTwiceIfTheRefundFails()
    {
        Pay(1000, Bought, Day(2, 28));
        var refunded = _ledger.NewGrants.Single();
        _pure.ReverseMonth([refunded], _ => true, "pi", Day(2, 5));
        _ledger.Entitle(Entitlement.None, Day(2, 5));
        Assert.Equal(0, _ledger.Balance);

        Pay(1000, Day(2, 6), Day(3, 6), at: Day(2, 6));
        Assert.Equal(1000, _ledger.Balance);

        _pure.ReverseMonth(_ledger.NewGrants, _ => false, "pi", Day(2, 7));
        Assert.Equal(1000, _ledger.Balance);
        Assert.Equal(1000, _ledger.Org.GrantMonthCredits);
    }

    [Fact]
    public void Refund_ThatFailsAfterTheNextMonthBegan_BringsNothingThatOutlivesItsMonth()
    {
        Pay(1000, Bought, Day(2, 28));
        var refunded = _ledger.NewGrants.Single();
        _pure.ReverseMonth([refunded], _ => true, "pi", Day(2, 27));
        Pay(1000, Day(2, 28), Day(3, 31), at: Day(2, 28));

        _pure.ReverseMonth([refunded], _ => false, "pi", Day(2, 28).AddHours(1));

        Assert.Equal(1000, _ledger.Balance);
    }

    private static DateTimeOffset Day(int month, int day) => new(2027, month, day, 9, 0, 0, TimeSpan.Zero);

    private void Pay(long perMonth, DateTimeOffset from, DateTimeOffset until, DateTimeOffset? at = null) =>
        _ledger.Entitle(new Entitlement(perMonth, from, until, "in_" + from.Ticks), at ?? from);

    private IEnumerable<long> Deltas() => _ledger.Entries.Select(entry => entry.BalanceDelta);
}
