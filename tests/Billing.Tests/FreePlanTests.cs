using Billing.Ledger;
using Billing.Persistence;

namespace Billing.Tests;

/// <summary>The free plan's own months, netted against those of a plan (DESIGN rule 6).</summary>
public sealed class FreePlanTests
{
    private static readonly DateTimeOffset Made = new(2027, 1, 10, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void FreeMonths_BringTheirCredits_AndEndWithTheirMonth()
    {
        var ledger = New();
        ledger.BringTo(Made.AddDays(1));
        Assert.Equal(50, ledger.Balance);
        ledger.Debit(20, null, null, Made.AddDays(1));

        ledger.BringTo(Made.AddMonths(3).AddDays(1));

        Assert.Equal(50, ledger.Balance);
        Assert.Equal([50, -20, -30, 50, -50, 50, -50, 50], ledger.Entries.Select(entry => entry.BalanceDelta));
    }

    [Fact]
    public void FreeMonths_OfAnOrgThatWasThereBeforeThem_BeginWithTheRunningOne()
    {
        var ledger = New();
        ledger.BringTo(Made.AddYears(3).AddDays(5));
        Assert.Equal([50], ledger.Entries.Select(entry => entry.BalanceDelta));
        Assert.Equal(Made.AddYears(3).AddMonths(1), ledger.Org.FreeMonthEnd);
    }

    [Fact]
    public void Plan_BoughtInsideAFreeMonth_BringsTheDifference_AndItsFurtherMonthsInFull()
    {
        var ledger = New();
        ledger.BringTo(Made.AddDays(1));
        var bought = Made.AddDays(10);
        ledger.Entitle(new Entitlement(1000, bought, bought.AddYears(1), "in_1"), bought);
        Assert.Equal(1000, ledger.Balance);

        // The free months go by without bringing anything while the plan runs.
        ledger.BringTo(bought.AddMonths(2).AddDays(1));
        Assert.Equal(1000, ledger.Balance);
        Assert.Equal([50, 950, -950, 1000, -1000, 1000],
            ledger.Entries.Where(entry => entry.BalanceDelta != -50).Select(entry => entry.BalanceDelta));
    }

    [Fact]
    public void Plan_ThatEnds_IsFollowedByTheNextFreeMonth()
    {
        var ledger = New();
        var bought = Made.AddDays(10);
        ledger.Entitle(new Entitlement(1000, bought, bought.AddMonths(1), "in_1"), bought);
        ledger.Entitle(Entitlement.None, bought.AddMonths(1));

        ledger.BringTo(Made.AddMonths(2).AddHours(1));

        Assert.Equal(50, ledger.Balance);
    }

    private static OrgLedger New() => new(new Org { Id = "org", CreatedAt = Made }, [], [], new LedgerRules(TimeSpan.FromHours(72), FreePerMonth: 50));
}
