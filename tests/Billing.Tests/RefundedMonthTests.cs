using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Reversals;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Tests;

/// <summary>Months whose invoice was refunded or changed, and what can be bought and brought back inside them (DESIGN rules 6 and 7).</summary>
public sealed class RefundedMonthTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await fixture.StartWorldAsync();

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

    [Fact]
    public async Task Year_RefundedInFull_AlsoReversesAMonthThatNobodyHadLookedAt()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync((await org.BuyAsync("pro", "annual")).SessionId);
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(40), CancellationToken.None);

        await new Stripe.RefundService(_world.Stripe).CreateAsync(new() { PaymentIntent = await PaymentAsync(org, "subscription_create") });

        await using var db = _world.OpenDb();
        await Eventually.Async(() => db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.OrgId == org.Id), p => p is { ReReadDueAt: null }, "it is booked");
        var grants = await db.CreditGrants.Where(grant => grant.OrgId == org.Id).OrderBy(grant => grant.CreatedAt).ToListAsync();
        Assert.Equal([(1000, 1000, 0), (1000, 0, 1000)], grants.Select(grant => (grant.Amount, grant.Expired, grant.Reversed)));
        Assert.Equal(("0", "0"), ((await org.CreditsAsync())["balance"], (await org.CreditsAsync())["debt"]));
    }

    /// <summary>Was granted, and not taken back, if the month began between two steps of the transaction that booked the refund.</summary>
    [Fact]
    public async Task Year_RefundedInFull_AsItsNextMonthBegins_BringsNoMoreOfIt()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync((await org.BuyAsync("pro", "annual")).SessionId);
        await using var db = world.OpenDb();
        var monthEnd = (await db.Orgs.AsNoTracking().SingleAsync(row => row.Id == org.Id)).GrantMonthEnd!.Value;
        var payment = await PaymentAsync(world, org, "subscription_create");
        await new Stripe.RefundService(world.Stripe).CreateAsync(new() { PaymentIntent = payment });

        var services = world.Service<IServiceProvider>();
        var later = ActivatorUtilities.CreateInstance<Settlement>(services, new Stopped(monthEnd));
        var book = ActivatorUtilities.CreateInstance<ReversalBook>(services, later, new Stopped(monthEnd - TimeSpan.FromSeconds(1)));
        var reads = ActivatorUtilities.CreateInstance<PaymentReads>(services, book);
        var read = await reads.ReadAsync((await reads.ClaimAsync(payment, CancellationToken.None))!, CancellationToken.None);
        await world.Service<IDbContextFactory<BillingDb>>().TransactAsync(booking => reads.ApplyAsync(booking, read, CancellationToken.None), CancellationToken.None);

        var granted = await db.CreditGrants.SingleAsync(grant => grant.OrgId == org.Id);
        Assert.Equal((1000, 1000), (granted.Amount, granted.Reversed));
        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(40), CancellationToken.None);
        Assert.Equal(("0", "0"), ((await org.CreditsAsync())["balance"], (await org.CreditsAsync())["debt"]));
    }

    [Fact]
    public async Task Upgrade_OfAYear_RefundedInFull_TakesBackItsDifferenceOnly()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync((await org.BuyAsync("pro", "annual")).SessionId);
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(40), CancellationToken.None);
        await PortalPage.SubmitAsync((await org.CheckoutAsync(new { plan = "team", interval = "annual" }))["url"]!, "/update");
        await Eventually.Async(org.CreditsAsync, read => read["plan_credits"] == "2000", "the difference is granted");
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(95), CancellationToken.None);
        Assert.Equal("2000", (await org.CreditsAsync())["balance"]);

        await new Stripe.RefundService(_world.Stripe).CreateAsync(new() { PaymentIntent = await PaymentAsync(org, "subscription_update") });

        await Eventually.Async(org.CreditsAsync, read => read["balance"] == "1000", "the difference is taken back");
        Assert.Equal("0", (await org.CreditsAsync())["debt"]);
    }

    /// <summary>Support changes a year to months of a lower plan, which no portal does: the rest of the year is credited at Stripe.</summary>
    [Fact]
    public async Task Year_ChangedToMonthsOfALowerPlan_BringsNoMoreMonthsOfTheYear()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync((await org.BuyAsync("team", "annual")).SessionId);
        await using var db = _world.OpenDb();
        var id = (await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id)).Id;
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(40), CancellationToken.None);
        var price = (await _world.Events.GetAsync("/v1/prices?lookup_keys[]=pro_monthly"))["data"]![0]!["id"]!.ToString();
        var item = (await _world.Events.GetAsync("/v1/subscriptions/" + id))["items"]!["data"]![0]!["id"]!.ToString();
        await _world.PostToStripeAsync($"/v1/subscriptions/{id}", new()
        {
            ["items[0][id]"] = item,
            ["items[0][price]"] = price,
            ["proration_behavior"] = "always_invoice",
        });
        await org.EventuallyAsync("plan", "pro");
        await Eventually.Async(
            () => db.PaidPeriods.CountAsync(period => period.SubscriptionId == id && period.PriceId == price && !period.IsProration), paid => paid == 1,
            "the first month of pro is known to be paid, before a month of the year could begin");

        for (var month = 1; month <= 3; month++)
        {
            await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(31), CancellationToken.None);
            await Eventually.Async(org.CreditsAsync, read => read["plan_credits"] == "1000", "a month of pro is granted");
        }

        var grants = await db.CreditGrants.Where(grant => grant.OrgId == org.Id).OrderBy(grant => grant.CreatedAt).Select(grant => grant.Amount).ToListAsync();
        Assert.Equal([2000, 2000], grants.Take(2)); // before the change
        Assert.All(grants.Skip(2), amount => Assert.Equal(1000, amount));
        Assert.InRange(grants.Count, 5, 6);
    }

    private Task<string> PaymentAsync(TestOrg org, string reason) => PaymentAsync(_world, org, reason);

    private static async Task<string> PaymentAsync(BillingWorld world, TestOrg org, string reason)
    {
        await using var db = world.OpenDb();
        var customer = (await db.Orgs.SingleAsync(o => o.Id == org.Id)).StripeCustomerId;
        var invoices = (await world.Events.GetAsync("/v1/invoices?customer=" + customer))["data"]!.AsArray();
        var invoice = invoices.Single(found => found!["billing_reason"]!.ToString() == reason)!["id"];
        return (await world.Events.GetAsync("/v1/invoice_payments?invoice=" + invoice))["data"]![0]!["payment"]!["payment_intent"]!.ToString();
    }

    private async Task<TestOrg> BuyRefundAndCancelAsync(string card)
    {
        var org = await TestOrg.CreateAsync(_world);
        var checkout = await org.CheckoutAsync(new { plan = "pro" });
        Assert.NotNull(await org.PayAsync(checkout["url"]!, card));
        await org.ActivateAsync(checkout["session_id"]!);
        await using var db = _world.OpenDb();
        var subscription = (await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id)).Id;

        await new Stripe.RefundService(_world.Stripe).CreateAsync(new() { PaymentIntent = await PaymentAsync(org, "subscription_create") });
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription);

        await Eventually.Async(org.CreditsAsync, read => read["balance"] == "0", "the month is taken back");
        await org.EventuallyAsync("plan", "free");
        return org;
    }

    private sealed class Stopped(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
