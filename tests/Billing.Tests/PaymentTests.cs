using System.Text.Json.Nodes;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>DESIGN rule 8: past due is not gone, but not for ever. The clock of this world is moved.</summary>
public sealed class PaymentTests(BillingFixture fixture) : IAsyncLifetime
{
    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await fixture.StartWorldAsync(deliver: false);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task PaymentFailed_NewerThanTheState_ShowsPastDueAtOnce_AndHasStripeAsked()
    {
        var (org, subscription, invoice) = await SubscribedAsync();
        // Only a host that cannot ask Stripe is left, so that what the event itself does stays to be seen.
        await _world.StopHostsAsync();
        var cutOff = await _world.StartSecondHostAsync(new Dictionary<string, string?> { ["Stripe:ApiBase"] = "http://127.0.0.1:1" });

        await _world.Events.DeliverAsync(EventsByHand.Event("invoice.payment_failed", invoice, Now.AddSeconds(10)), cutOff);

        await using var db = _world.OpenDb();
        var row = await db.Orgs.SingleAsync(o => o.Id == org.Id);
        Assert.Equal(("pro", "past_due"), (row.Plan, row.Status));
        Assert.NotNull((await db.Subscriptions.SingleAsync(s => s.Id == Id(subscription))).ReReadDueAt);
    }

    [Fact]
    public async Task InvoicePaid_WhilePastDue_HasStripeAsked()
    {
        var (org, subscription, invoice) = await SubscribedAsync();
        subscription["status"] = "past_due";
        await DeliverAsync("customer.subscription.updated", subscription, Now.AddSeconds(1));
        Assert.Equal("past_due", (await org.StatusAsync())["status"]);

        await DeliverAsync("invoice.paid", invoice, Now.AddSeconds(2));

        await org.EventuallyAsync("status", "active");
    }

    [Fact]
    public async Task PaymentFailed_OlderThanTheState_DoesNotShowPastDue()
    {
        var (org, subscription, invoice) = await SubscribedAsync();
        await DeliverAsync("customer.subscription.updated", subscription, Now.AddSeconds(20));
        var before = (await org.StatusAsync()).Body!.ToJsonString();

        await DeliverAsync("invoice.payment_failed", invoice, Now.AddSeconds(10));

        Assert.Equal(before, (await org.StatusAsync()).Body!.ToJsonString());
    }

    [Fact]
    public async Task PastDue_KeepsThePlanForTheGraceAfterTheUnpaidPeriodBegan()
    {
        var (org, subscription, _) = await SubscribedAsync();
        var unpaidFrom = subscription["items"]!["data"]![0]!["current_period_end"]!.GetValue<long>();
        await _world.Sandbox.AdvanceAsync(DateTimeOffset.FromUnixTimeSeconds(unpaidFrom + 3600) - Now, CancellationToken.None);
        MoveToNextPeriod(subscription);
        subscription["status"] = "past_due";
        await DeliverAsync("customer.subscription.updated", subscription, Now);
        Assert.Equal(("pro", "past_due"), ((await org.StatusAsync())["plan"], (await org.StatusAsync())["status"]));

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(30) - TimeSpan.FromHours(2), CancellationToken.None);
        Assert.Equal("pro", (await org.StatusAsync())["plan"]);

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromHours(2), CancellationToken.None);
        var ended = await org.StatusAsync();
        Assert.Equal(("free", null, null), (ended["plan"], ended["status"], ended["current_period_end"]));
    }

    [Fact]
    public async Task PastDue_AfterAnUnpaidUpgradeInAPaidPeriod_HasGraceFromTheFailureOn()
    {
        var (org, _) = await UpgradedWithoutPayingAsync();
        Assert.Equal("team", (await org.StatusAsync())["plan"]);

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal("free", (await org.StatusAsync())["plan"]);
    }

    [Fact]
    public async Task PastDue_SeenAgainAndAgain_AfterAnUnpaidUpgradeInAPaidPeriod_HasNoNewGrace()
    {
        var (org, subscription) = await UpgradedWithoutPayingAsync();
        for (var tries = 0; tries < 2; tries++)
        {
            await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(12), CancellationToken.None);
            await DeliverAsync("customer.subscription.updated", subscription, Now.AddSeconds(10)); // as when Stripe tries the card again
            Assert.Equal("team", (await org.StatusAsync())["plan"]);
        }

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(6) + TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal("free", (await org.StatusAsync())["plan"]);
    }

    [Fact]
    public async Task PastDue_WithNewsOfPaymentsLost_HasGraceFromTheUnpaidPeriodOn()
    {
        var (org, subscription, _) = await SubscribedAsync();
        await using (var db = _world.OpenDb())
        {
            await db.Database.ExecuteSqlAsync($"UPDATE subscriptions SET paid_through = now() - interval '1 year' WHERE org_id = {org.Id}");
        }
        subscription["status"] = "past_due";
        await DeliverAsync("customer.subscription.updated", subscription, Now.AddSeconds(10));
        Assert.Equal(("pro", "past_due"), ((await org.StatusAsync())["plan"], (await org.StatusAsync())["status"]));
    }

    [Fact]
    public async Task PastDue_GraceEnded_AnotherPaidSubscriptionCounts()
    {
        var (org, subscription, _) = await SubscribedAsync();
        var team = subscription.DeepClone();
        team["id"] = "sub_team";
        team["status"] = "past_due";
        team["items"]!["data"]![0]!["price"]!["lookup_key"] = "team_monthly";
        await using (var db = _world.OpenDb())
        {
            db.Subscriptions.Add(new() { Id = "sub_team", OrgId = org.Id, Status = "incomplete", StateAt = Now.AddDays(-1) });
            await db.SaveChangesAsync();
        }
        await DeliverAsync("customer.subscription.updated", team, Now.AddSeconds(10));
        Assert.Equal("team", (await org.StatusAsync())["plan"]);

        // Without any event in between, the status falls back by itself.
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal(("pro", "active"), ((await org.StatusAsync())["plan"], (await org.StatusAsync())["status"]));
    }

    [Theory]
    [InlineData("unpaid")]
    [InlineData("incomplete")]
    [InlineData("paused")]
    public async Task Status_ThatEntitlesToNothing_IsFree_ButBlocksASecondSubscription(string status)
    {
        var (org, subscription, _) = await SubscribedAsync();
        subscription["status"] = status;
        await DeliverAsync("customer.subscription.updated", subscription, Now.AddSeconds(10));

        Assert.Equal("free", (await org.StatusAsync())["plan"]);
        var refused = await org.CheckoutAsync(new { plan = "pro" });
        Assert.Equal(409, refused.Status);
        Assert.Equal(status == "paused" ? "subscription_paused" : "payment_required", refused["error.details.reason"]);
    }

    [Fact]
    public async Task InvoicePaid_InAnyOrder_MovesPaidThroughForwardOnly()
    {
        var (org, subscription, invoice) = await SubscribedAsync();
        var first = await PaidThroughAsync(subscription);
        var later = invoice.DeepClone();
        later["id"] = "in_later";
        later["lines"]!["data"]![0]!["period"]!["end"] = first.AddMonths(1).ToUnixTimeSeconds();

        await DeliverAsync("invoice.paid", later, Now.AddSeconds(10));
        await DeliverAsync("invoice.paid", invoice, Now.AddSeconds(20));

        Assert.Equal(first.AddMonths(1), await PaidThroughAsync(subscription));
        Assert.Equal("active", (await org.StatusAsync())["status"]);
    }

    [Fact]
    public async Task InvoicePaid_ForAProrationOnly_DoesNotMovePaidThrough()
    {
        var (_, subscription, invoice) = await SubscribedAsync();
        var before = await PaidThroughAsync(subscription);
        var line = invoice["lines"]!["data"]![0]!;
        line["parent"]!["subscription_item_details"]!["proration"] = true;
        line["period"]!["end"] = before.AddMonths(6).ToUnixTimeSeconds();

        await DeliverAsync("invoice.paid", invoice, Now.AddSeconds(10));

        Assert.Equal(before, await PaidThroughAsync(subscription));
    }

    [Fact]
    public async Task Price_ThatMapsToNoPlan_DowngradesNobody()
    {
        var (org, subscription, _) = await SubscribedAsync();
        var price = subscription["items"]!["data"]![0]!["price"]!;
        price["id"] = "price_of_the_sales_team";
        price["lookup_key"] = null;

        await DeliverAsync("customer.subscription.updated", subscription, Now.AddSeconds(10));

        Assert.Equal(("pro", "active"), ((await org.StatusAsync())["plan"], (await org.StatusAsync())["status"]));
    }

    [Fact]
    public async Task Subscriptions_TwoLiveOnes_TheHigherRankCounts()
    {
        var (org, subscription, _) = await SubscribedAsync();
        var second = subscription.DeepClone();
        second["id"] = "sub_sold_by_hand";
        second["items"]!["data"]![0]!["price"]!["lookup_key"] = "team_monthly";
        second["status"] = "canceled";
        await using (var db = _world.OpenDb())
        {
            // Known already, so that the payload counts and Stripe, which does not know it, is not asked.
            db.Subscriptions.Add(new() { Id = "sub_sold_by_hand", OrgId = org.Id, Status = "incomplete", StateAt = Now.AddDays(-1) });
            await db.SaveChangesAsync();
        }

        second["status"] = "active";
        await DeliverAsync("customer.subscription.updated", second, Now.AddSeconds(10));
        Assert.Equal("team", (await org.StatusAsync())["plan"]);

        second["status"] = "canceled";
        await DeliverAsync("customer.subscription.deleted", second, Now.AddSeconds(20));
        Assert.Equal("pro", (await org.StatusAsync())["plan"]);
    }

    [Fact]
    public async Task Period_EndedTwoHoursAgoWithoutNews_IsReadAgain()
    {
        var (org, subscription, _) = await SubscribedAsync();
        // Stripe canceled it and the event got lost.
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(Id(subscription));
        Assert.Equal("pro", (await org.StatusAsync())["plan"]);

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(32), CancellationToken.None);
        _world.Service<Fulfilment.OverdueSweep>().Wake();

        await org.EventuallyAsync("plan", "free");
    }

    [Fact]
    public async Task ReRead_AfterTheSandboxsClockWasMoved_IsNotTakenForOld()
    {
        var (org, subscription, _) = await SubscribedAsync();
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromDays(10), CancellationToken.None);
        subscription["status"] = "unpaid";
        var second = Now;
        await DeliverAsync("customer.subscription.updated", subscription, second);
        await DeliverAsync("customer.subscription.updated", subscription, second);

        // A tie is decided by asking Stripe, which says active.
        await org.EventuallyAsync("status", "active");
    }

    private DateTimeOffset Now => _world.Sandbox.Clock.GetUtcNow();

    private static string Id(JsonNode node) => node["id"]!.ToString();

    private Task<ApiAnswer> DeliverAsync(string type, JsonNode content, DateTimeOffset created) =>
        _world.Events.DeliverAsync(EventsByHand.Event(type, content, created));

    /// <summary>A paid year, and an upgrade in it whose proration is not paid.</summary>
    private async Task<(TestOrg Org, JsonNode Subscription)> UpgradedWithoutPayingAsync()
    {
        var (org, subscription, _) = await SubscribedAsync();
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE subscriptions SET paid_through = now() + interval '1 year' WHERE org_id = {org.Id}");
        subscription["items"]!["data"]![0]!["price"]!["lookup_key"] = "team_annual";
        subscription["status"] = "past_due";
        await DeliverAsync("customer.subscription.updated", subscription, Now.AddSeconds(10));
        return (org, subscription);
    }

    private async Task<(TestOrg Org, JsonNode Subscription, JsonNode Invoice)> SubscribedAsync()
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        return (org, subscription, await _world.Events.GetAsync("/v1/invoices/" + subscription["latest_invoice"]));
    }

    private async Task<DateTimeOffset> PaidThroughAsync(JsonNode subscription)
    {
        await using var db = _world.OpenDb();
        var id = Id(subscription);
        return (await db.Subscriptions.AsNoTracking().SingleAsync(s => s.Id == id)).PaidThrough!.Value;
    }

    private static void MoveToNextPeriod(JsonNode subscription)
    {
        var item = subscription["items"]!["data"]![0]!;
        var start = DateTimeOffset.FromUnixTimeSeconds(item["current_period_end"]!.GetValue<long>());
        item["current_period_start"] = start.ToUnixTimeSeconds();
        item["current_period_end"] = start.AddMonths(1).ToUnixTimeSeconds();
    }
}
