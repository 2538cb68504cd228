using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>A month whose invoice was refunded, and what can be bought and brought back inside it (DESIGN rules 6 and 7).</summary>
public sealed class RefundedMonthTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Rebuy_AfterAFullRefundInTheSameMonth_BringsItsCreditsAgain()
    {
        var org = await BuyRefundAndCancelAsync("4242424242424242");

        await org.ActivateAsync((await org.BuyAsync("pro")).SessionId);

        var credits = await org.CreditsAsync();
        Assert.Equal(("1000", "1000", "0"), (credits["balance"], credits["plan_credits"], credits["debt"]));
    }

    [Fact]
    public async Task Refund_ThatFailsAfterARebuyInTheSameMonth_BringsNoSecondMonth()
    {
        var org = await BuyRefundAndCancelAsync("4000000000005126"); // the refund succeeds, and fails a minute later
        await org.ActivateAsync((await org.BuyAsync("pro")).SessionId);

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(2), CancellationToken.None);

        await using var db = _world.OpenDb();
        await Eventually.Async(
            () => db.Payments.AsNoTracking().SingleAsync(payment => payment.OrgId == org.Id),
            payment => payment is { Refunded: 0, ReReadDueAt: null }, "the failure is booked");
        var credits = await org.CreditsAsync();
        Assert.Equal(("1000", "0"), (credits["balance"], credits["debt"]));
        Assert.Equal(1000, await db.CreditGrants.Where(g => g.OrgId == org.Id).SumAsync(g => g.Amount - g.Reversed));
    }

    private async Task<TestOrg> BuyRefundAndCancelAsync(string card)
    {
        var org = await TestOrg.CreateAsync(_world);
        var checkout = await org.CheckoutAsync(new { plan = "pro" });
        Assert.NotNull(await org.PayAsync(checkout["url"]!, card));
        await org.ActivateAsync(checkout["session_id"]!);
        await using var db = _world.OpenDb();
        var subscription = (await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id)).Id;
        var invoice = (await _world.Events.GetAsync("/v1/subscriptions/" + subscription))["latest_invoice"]!;
        var payment = (await _world.Events.GetAsync("/v1/invoice_payments?invoice=" + invoice))["data"]![0]!["payment"]!["payment_intent"]!.ToString();

        await new Stripe.RefundService(_world.Stripe).CreateAsync(new() { PaymentIntent = payment });
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription);

        await Eventually.Async(org.CreditsAsync, read => read["balance"] == "0", "the month is taken back");
        await org.EventuallyAsync("plan", "free");
        return org;
    }
}
