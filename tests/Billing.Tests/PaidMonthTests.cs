using Billing.Ledger;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Billing.Tests;

/// <summary>A month of credits for each month that is paid for: none without payment, none lost (DESIGN rule 6). Each was a defect once.</summary>
public sealed class PaidMonthTests(BillingFixture fixture)
{
    [Fact]
    public async Task Months_OfABuyerOnThe31st_AreThePaidPeriods_NoMore()
    {
        await using var world = await StartAsync();
        await MoveToAsync(world, new DateTimeOffset(2027, 1, 31, 12, 0, 0, TimeSpan.Zero));
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync((await org.BuyAsync("pro")).SessionId);
        await MoveToAsync(world, new DateTimeOffset(2027, 2, 28, 14, 30, 0, TimeSpan.Zero));
        await GrantedAsync(world, org, months: 2);

        // 28 March is a month after the period's first day, but the period was paid until the 31st.
        await MoveToAsync(world, new DateTimeOffset(2027, 3, 29, 12, 0, 0, TimeSpan.Zero));
        await org.ActivateAsync(await org.BuyCreditsAsync());
        Assert.Equal(2, await MonthsAsync(world, org));
        Assert.Equal("1000", (await org.CreditsAsync())["plan_credits"]);

        await MoveToAsync(world, new DateTimeOffset(2027, 4, 30, 14, 30, 0, TimeSpan.Zero));
        await GrantedAsync(world, org, months: 4);
    }

    [Fact]
    public async Task Renewal_WhoseInvoiceComesBeforeTheNewsOfTheLowerPlan_BringsTheLowerPlansCredits()
    {
        await using var world = await StartAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync((await org.BuyAsync("team")).SessionId);
        await PortalPage.SubmitAsync((await org.CheckoutAsync(new { plan = "pro" }))["url"]!, "/update");
        var end = DateTimeOffset.Parse((await org.StatusAsync())["current_period_end"]!);
        await MoveToAsync(world, end.AddMinutes(90));
        await using var db = world.OpenDb();
        var events = await world.Events.OfCustomerAsync((await db.Orgs.SingleAsync(o => o.Id == org.Id)).StripeCustomerId!);

        foreach (var e in events.Where(e => e["created"]!.GetValue<long>() >= end.ToUnixTimeSeconds())
            .OrderBy(e => e["type"]!.ToString() == "invoice.paid" ? 0 : 1))
        {
            await world.Events.DeliverAsync(e);
        }

        await org.EventuallyAsync("plan", "pro");
        await Eventually.Async(org.CreditsAsync, read => read["plan_credits"] == "1000", "the month of pro is granted");
    }

    [Fact]
    public async Task Renewal_OfAPriceThatCameAndWentUnseen_IsPaidForAllTheSame()
    {
        await using var world = await StartAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync((await org.BuyAsync("team")).SessionId);
        var end = DateTimeOffset.Parse((await org.StatusAsync())["current_period_end"]!);
        await PortalPage.SubmitAsync((await org.CheckoutAsync(new { plan = "pro" }))["url"]!, "/update");
        await MoveToAsync(world, end.AddMinutes(90));
        await using var db = world.OpenDb();
        var known = await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id);
        var item = (await world.Events.GetAsync("/v1/subscriptions/" + known.Id))["items"]!["data"]![0]!;
        Assert.NotEqual(known.PriceId, item["price"]!["id"]!.ToString());
        await world.PostToStripeAsync("/v1/subscriptions/" + known.Id, new()
        {
            ["items[0][id]"] = item["id"]!.ToString(),
            ["items[0][price]"] = known.PriceId!,
            ["proration_behavior"] = "always_invoice",
        });

        var events = await world.Events.OfCustomerAsync((await db.Orgs.SingleAsync(o => o.Id == org.Id)).StripeCustomerId!);
        await world.Events.DeliverAsync(events.Single(
            e => e["type"]!.ToString() == "invoice.paid" && e["data"]!["object"]!["billing_reason"]!.ToString() == "subscription_cycle"));

        await Eventually.Async(
            () => db.Subscriptions.AsNoTracking().SingleAsync(s => s.OrgId == org.Id), row => row.PaidThrough == end.AddMonths(1), "it is paid for");
        // The price that it has now comes from the same read, or from another one if that was of the second of an event.
        await Eventually.Async(org.CreditsAsync, read => read["plan_credits"] == "2000", "the difference is granted");
        Assert.Equal(
            [2000, 1000, 1000], await db.CreditGrants.Where(g => g.OrgId == org.Id).OrderBy(g => g.CreatedAt).Select(g => g.Amount).ToListAsync());
    }

    [Theory]
    [InlineData("monthly")]
    [InlineData("annual")]
    public async Task Month_OfASubscriptionThatEndedAtOnce_IsGranted_ThoughItsPaymentIsToldAfterItsEnd(string interval)
    {
        await using var world = await StartAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        await org.BuyAsync("pro", interval);
        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(10), CancellationToken.None);
        await using var db = world.OpenDb();
        var customer = (await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id)).StripeCustomerId!;
        var bought = await world.Events.OfCustomerAsync(customer);
        var subscription = bought.First(e => e["type"]!.ToString() == "customer.subscription.created")["data"]!["object"]!["id"]!.ToString();
        await new Stripe.SubscriptionService(world.Stripe).CancelAsync(subscription);

        await world.Events.DeliverAsync((await world.Events.OfCustomerAsync(customer)).Single(e => e["type"]!.ToString() == "customer.subscription.deleted"));
        await world.Events.DeliverAsync(bought.Single(e => e["type"]!.ToString() == "invoice.paid"));

        Assert.Equal("free", (await org.StatusAsync())["plan"]);
        await Eventually.Async(org.CreditsAsync, read => read["plan_credits"] == "1000", "the month that was paid for is granted");
        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(60), CancellationToken.None);
        Assert.Equal("0", (await org.CreditsAsync())["plan_credits"]);
        Assert.Equal(1, await MonthsAsync(world, org));
        Assert.Equal("", (await world.Service<LedgerProbe>().CheckAsync(org.Id, CancellationToken.None))!.Wrong);
    }

    [Fact]
    public async Task FirstMonth_OnAHostWhoseClockIsBehindStripes_IsGranted()
    {
        await using var world = await StartAsync(deliver: false);
        await using var host = await StartBehindAsync(world, TimeSpan.FromSeconds(5));
        var url = new Uri(host.Urls.Single());
        var org = await TestOrg.CreateAsync(world);
        var checkout = await org.CheckoutAsync(new { plan = "pro" }, url);
        await org.PayAsync(checkout["url"]!);

        Assert.Equal("1000", (await org.ActivateAsync(checkout["session_id"]!, url))["credits"]);
    }

    [Fact]
    public async Task Renewal_WhoseInvoicePaidGotLost_IsGrantedWhenTheSubscriptionIsReadAgain()
    {
        await using var world = await StartAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync((await org.BuyAsync()).SessionId);
        await MoveToAsync(world, DateTimeOffset.Parse((await org.StatusAsync())["current_period_end"]!).AddHours(80));

        world.Service<Fulfilment.OverdueSweep>().Wake();

        await Eventually.Async(org.CreditsAsync, read => read["balance"] == "1000", "the second month is granted");
        Assert.Equal(2, await MonthsAsync(world, org));
    }

    [Fact]
    public async Task Trial_ThatIsPaidFor_BeginsAMonthWithThePayment()
    {
        await using var world = await StartAsync(settings: new() { ["Billing:Plans:pro:Monthly:TrialDays"] = "14" });
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync((await org.BuyAsync("pro")).SessionId);
        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(15), CancellationToken.None);
        await GrantedAsync(world, org, months: 2);

        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(20), CancellationToken.None);

        Assert.Equal("1000", (await org.CreditsAsync())["plan_credits"]);
    }

    [Fact]
    public async Task AnnualPlan_BringsItsMonthsByItself_WithoutAnyEvent()
    {
        await using var world = await StartAsync();
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync((await org.BuyAsync("pro", "annual")).SessionId);
        var first = await org.CreditsAsync();

        await world.Sandbox.AdvanceAsync(TimeSpan.FromDays(100), CancellationToken.None);

        var later = await org.CreditsAsync();
        Assert.Equal(("1000", "1000"), (first["plan_credits"], later["plan_credits"]));
        Assert.Equal(DateTimeOffset.Parse(first["next_grant_at"]!).AddMonths(3), DateTimeOffset.Parse(later["next_grant_at"]!));
    }

    [Fact]
    public async Task Upgrade_PaidInsideAMonth_BringsTheDifferenceOnce()
    {
        await using var world = await StartAsync();
        var org = await TestOrg.CreateAsync(world);
        await org.ActivateAsync((await org.BuyAsync("pro")).SessionId);
        await PortalPage.SubmitAsync((await org.CheckoutAsync(new { plan = "team" }))["url"]!, "/update");

        await Eventually.Async(org.CreditsAsync, read => read["plan_credits"] == "2000", "the difference is granted");
        await using var db = world.OpenDb();
        Assert.Equal([1000, 1000], await db.CreditGrants.Where(g => g.OrgId == org.Id).OrderBy(g => g.CreatedAt).Select(g => g.Amount).ToListAsync());
    }

    [Fact]
    public async Task PastDueAgain_AfterARecoveryThatWasNotSeen_HasItsOwnGrace()
    {
        await using var world = await StartAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var subscription = await org.SubscribeByHandAsync();
        var invoice = await world.Events.GetAsync("/v1/invoices/" + subscription["latest_invoice"]);
        await world.StopHostsAsync();
        var host = await world.StartSecondHostAsync(new Dictionary<string, string?> { ["Stripe:ApiBase"] = "http://127.0.0.1:1" });
        var item = subscription["items"]!["data"]![0]!;
        var end1 = DateTimeOffset.FromUnixTimeSeconds(item["current_period_end"]!.GetValue<long>());
        var end2 = end1.AddMonths(1);
        subscription["status"] = "past_due";
        MovePeriod(item, end1, end2);
        await MoveToAsync(world, end1.AddHours(1));
        await world.Events.DeliverAsync(EventsByHand.Event("customer.subscription.updated", subscription, end1.AddHours(1)), host);
        await MoveToAsync(world, end2.AddHours(1));
        MovePeriod(item, end2, end2.AddMonths(1));
        invoice["lines"]!["data"]![0]!["period"]!["end"] = end2.ToUnixTimeSeconds();

        await world.Events.DeliverAsync(EventsByHand.Event("invoice.paid", invoice, end1.AddDays(5)), host);
        await world.Events.DeliverAsync(EventsByHand.Event("customer.subscription.updated", subscription, end2.AddHours(1)), host);

        await using var db = world.OpenDb();
        Assert.Equal(end2, (await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id)).PastDueSince);
    }

    [Fact]
    public async Task InvoiceLine_OfAnItemThatIsNoPlan_PaysForNoMonth()
    {
        await using var world = await StartAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var subscription = await org.SubscribeByHandAsync();
        var invoice = await world.Events.GetAsync("/v1/invoices/" + subscription["latest_invoice"]);
        var now = world.Sandbox.Clock.GetUtcNow();
        var other = invoice["lines"]!["data"]![0]!.DeepClone();
        other["pricing"]!["price_details"]!["price"] = "price_support_annual";
        other["period"]!["end"] = now.AddYears(1).ToUnixTimeSeconds();
        invoice["lines"]!["data"]!.AsArray().Add(other);

        await world.Events.DeliverAsync(EventsByHand.Event("invoice.paid", invoice, now.AddSeconds(5)));

        var end = DateTimeOffset.Parse((await org.StatusAsync())["current_period_end"]!);
        await using var db = world.OpenDb();
        Assert.Equal(end, (await db.Subscriptions.AsNoTracking().SingleAsync(s => s.OrgId == org.Id)).PaidThrough);
        Assert.Equal(end, (await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id)).CreditsUntil);
    }

    private async Task<BillingWorld> StartAsync(bool deliver = true, Dictionary<string, string?>? settings = null) =>
        await fixture.StartWorldAsync(deliver, settings);

    private static async Task<WebApplication> StartBehindAsync(BillingWorld world, TimeSpan by)
    {
        var builder = BillingApp.CreateBuilder(["--urls", "http://127.0.0.1:0"], Environments.Development);
        builder.Configuration.AddInMemoryCollection(TestConfiguration.Create(world.ConnectionString, world.Sandbox.Url, BillingWorld.TestSecret));
        builder.Services.AddSingleton<TimeProvider>(new Behind(world.Sandbox.Clock, by));
        var host = BillingApp.Build(builder);
        await host.StartAsync();
        return host;
    }

    private static Task MoveToAsync(BillingWorld world, DateTimeOffset instant) =>
        world.Sandbox.AdvanceAsync(instant - world.Sandbox.Clock.GetUtcNow(), CancellationToken.None);

    private static void MovePeriod(System.Text.Json.Nodes.JsonNode item, DateTimeOffset start, DateTimeOffset end) =>
        (item["current_period_start"], item["current_period_end"]) = (start.ToUnixTimeSeconds(), end.ToUnixTimeSeconds());

    private static Task<int> GrantedAsync(BillingWorld world, TestOrg org, int months) =>
        Eventually.Async(() => MonthsAsync(world, org), count => count == months, $"{months} months are granted");

    private static async Task<int> MonthsAsync(BillingWorld world, TestOrg org)
    {
        await using var db = world.OpenDb();
        return await db.CreditGrants.CountAsync(grant => grant.OrgId == org.Id && grant.Source == CreditSource.Plan);
    }

    private sealed class Behind(TimeProvider clock, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() - by;
    }
}
