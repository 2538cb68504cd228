using Billing.Ledger;
using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>Where reversed credits are taken from and where they go back to (DESIGN rule 7). Each was a defect once.</summary>
public sealed class ReversalRuleTests
{
    private static readonly DateTimeOffset T = new(2027, 1, 31, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset MonthEnd = new(2027, 2, 28, 9, 0, 0, TimeSpan.Zero);

    private readonly PureLedger _pure = new(T);
    private readonly OrgLedger _ledger;

    public ReversalRuleTests() => _ledger = _pure.Ledger;

    [Fact]
    public void RefundThatFails_AfterAnotherGrantPaidItsDebt_IsGivenBackToThatOne()
    {
        _ledger.Entitle(new Entitlement(500, T, MonthEnd, "in_1"), T);
        var topUp = _pure.TopUp(500, T);
        var hold = _ledger.Hold(1000, null, T.AddHours(1), T)!;
        _pure.Reverse(topUp, 500, "pi", T.AddMinutes(1)); // all is held: debt
        _ledger.Release(hold, T.AddMinutes(2)); // the plan's credits pay it, as they expire first
        Assert.Equal((500, 0, 500), (_ledger.Balance, _ledger.Debt, topUp.Remaining));

        _pure.Reverse(topUp, 0, "pi", T.AddMinutes(3));

        Assert.Equal((1000, 0, 500), (_ledger.Balance, _ledger.Debt, topUp.Remaining));
    }

    [Fact]
    public void RefundThatFails_AfterItsMonth_GivesBackWhatATopUpHadPaid()
    {
        _ledger.Entitle(new Entitlement(1000, T, MonthEnd, "in_1"), T);
        var plan = _ledger.NewGrants.Single();
        _ledger.Debit(1000, null, null, T.AddDays(1));
        var topUp = _pure.TopUp(1000, T.AddDays(2));
        _pure.Reverse(plan, 1000, "pi", T.AddDays(20));
        Assert.Equal(0, topUp.Remaining);

        _pure.Reverse(plan, 0, "pi", T.AddDays(40));

        Assert.Equal((1000, 1000), (_ledger.Balance, topUp.Remaining));
    }

    [Fact]
    public void RefundThatFails_AfterTheRenewalPaidItsDebt_GivesTheNewMonthItsCreditsBack()
    {
        _ledger.Entitle(new Entitlement(1000, T, MonthEnd, "in_1"), T);
        var plan = _ledger.NewGrants.Single();
        _ledger.Debit(1000, null, null, T.AddDays(1));
        _pure.Reverse(plan, 1000, "pi", MonthEnd.AddDays(-1));
        _ledger.Entitle(new Entitlement(1000, MonthEnd, MonthEnd.AddDays(31), "in_2"), MonthEnd.AddHours(1)); // pays the debt
        Assert.Equal((0, 0), (_ledger.Balance, _ledger.Debt));

        _pure.Reverse(plan, 0, "pi", MonthEnd.AddDays(1));

        _ledger.BringTo(MonthEnd.AddDays(4));
        Assert.Equal((1000, 0), (_ledger.Balance, _ledger.Debt));
    }

    [Fact]
    public void CreditsThatExpired_AreNotTakenASecondTime()
    {
        _ledger.Entitle(new Entitlement(1000, T, T.AddYears(1), "in_1"), T);
        var at = T.AddMonths(5).AddDays(1);
        _ledger.BringTo(at);

        _pure.ReverseMonth(_ledger.NewGrants.Take(1), _ => true, "pi", at);
        Assert.Equal((1000, 0), (_ledger.Balance, _ledger.Debt));
        _ledger.NewGrants.ToList().ForEach(month => _pure.ReverseMonth([month], _ => true, "pi", at));
        Assert.Equal((0, 0), (_ledger.Balance, _ledger.Debt)); // nothing was ever spent
    }

    [Fact]
    public void HeldCreditsThatWereRefunded_AndExpireBeforeTheHoldEnds_AreNoDebtBesides()
    {
        _ledger.Entitle(new Entitlement(1000, T, MonthEnd, "in_1"), T);
        var plan = _ledger.NewGrants.Single();
        var end = plan.ExpiresAt!.Value;
        _ledger.Hold(1000, null, end.AddHours(1), end.AddHours(-1));
        _pure.Reverse(plan, 1000, "pi", end.AddMinutes(-30));
        Assert.Equal((1000, 1000), (_ledger.Balance, _ledger.Debt));

        _ledger.BringTo(end.AddHours(2));

        Assert.Equal((0, 0), (_ledger.Balance, _ledger.Debt));
    }

    [Fact]
    public void UpgradeInsideAYear_OwnsItsDifferenceOnly()
    {
        var until = T.AddYears(1);
        _ledger.Entitle(new Entitlement(1000, T, until, "in_1"), T);
        _ledger.Entitle(new Entitlement(2000, T, until, "in_1", 1000, "in_2"), T.AddMonths(2).AddDays(1));
        _ledger.BringTo(T.AddMonths(5).AddDays(1));

        Assert.Equal((6000, 4000), (Granted("in_1"), Granted("in_2")));
        Assert.Equal(2000, _ledger.Balance);

        long Granted(string invoice) => _ledger.NewGrants.Where(grant => grant.InvoiceId == invoice).Sum(grant => grant.Amount);
    }

    [Fact]
    public void MonthsOfAPaidYear_EndWithTheGraceOfAPastDuePlan()
    {
        _ledger.Entitle(new Entitlement(1000, T, T.AddYears(1), "in_1"), T);
        _ledger.Org.PlanUntil = T.AddMonths(2);

        _ledger.BringTo(T.AddMonths(5).AddDays(1));

        Assert.Equal((0, null), (_ledger.Balance, _ledger.NextMonthAt));
        Assert.Equal(2, _ledger.NewGrants.Count);
    }
}
