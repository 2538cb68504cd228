using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>What a paid month brings, month after month. The clock of this world is moved.</summary>
public sealed class RenewalTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await fixture.StartWorldAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Renewal_Paid_BringsTheNextMonthsCreditsInPlaceOfTheLast_AndLeavesTopUpsAlone()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync((await org.BuyAsync("pro")).SessionId);
        await org.ActivateAsync(await org.BuyCreditsAsync());
        var before = await org.CreditsAsync();
        Assert.Equal(("1000", "500"), (before["plan_credits"], before["topup_credits"]));

        await MoveToAsync(DateTimeOffset.Parse((await org.StatusAsync())["current_period_end"]!).AddHours(2));

        var after = await Eventually.Async(org.CreditsAsync, read => read["next_grant_at"] != before["next_grant_at"] && read["next_grant_at"] is not null, "the next month is granted");
        Assert.Equal(("1000", "500", "1500"), (after["plan_credits"], after["topup_credits"], after["available"]));
        await using var db = _world.OpenDb();
        var row = await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id);
        var entries = await db.CreditEntries.Where(e => e.OrgId == org.Id).OrderBy(e => e.Number).ToListAsync();
        Assert.Equal([1000, 500, -1000, 1000], entries.Select(e => e.BalanceDelta));
        Assert.Equal((row.Balance, row.Debt), (entries.Sum(e => e.BalanceDelta), entries.Sum(e => e.DebtDelta)));
        Assert.Equal(1500, await db.CreditGrants.Where(g => g.OrgId == org.Id).SumAsync(g => g.Remaining));
    }

    [Fact]
    public async Task Renewal_NotPaid_KeepsThePlanPastDue_AndTheLastMonthsCreditsForTheGraceOnly()
    {
        var org = await TestOrg.CreateAsync(_world);
        var checkout = await org.CheckoutAsync(new { plan = "pro" });
        Assert.NotNull(await org.PayAsync(checkout["url"]!));
        await org.ActivateAsync(checkout["session_id"]!);
        await using var db = _world.OpenDb();
        var (customer, subscription) = (await db.Orgs.SingleAsync(o => o.Id == org.Id), await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id));
        await _world.AttachAsync(customer.StripeCustomerId!, subscription.Id, "pm_card_chargeCustomerFail");
        var periodEnd = DateTimeOffset.Parse((await org.StatusAsync())["current_period_end"]!);

        await MoveToAsync(periodEnd.AddHours(2));
        await org.EventuallyAsync("status", "past_due");
        Assert.Equal("1000", (await org.CreditsAsync())["available"]);

        await MoveToAsync(periodEnd.AddHours(73));
        var late = await org.CreditsAsync();
        Assert.Equal(("0", "0", "pro"), (late["balance"], late["available"], (await org.StatusAsync())["plan"]));
    }

    private Task MoveToAsync(DateTimeOffset instant) =>
        _world.Sandbox.AdvanceAsync(instant - _world.Sandbox.Clock.GetUtcNow(), CancellationToken.None);
}
