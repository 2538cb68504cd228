using System.Text.Json.Nodes;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>DESIGN rule 3: events come in any order and the newest state wins. Here every delivery is made by hand.</summary>
public sealed class EventOrderTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.SilentWorld;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task FirstPurchase_EventsInAnyOrder_EndsActive(int permutation)
    {
        var (org, events) = await BoughtAsync();
        Assert.Equal(
            ["checkout.session.completed", "customer.subscription.created", "invoice.paid"],
            events.Select(e => e["type"]!.ToString()).Order());

        foreach (var e in Permute(events, permutation))
        {
            Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);
        }

        var status = await org.EventuallyAsync("plan", "pro");
        Assert.Equal("active", status["status"]);
        await using var db = _world.OpenDb();
        var subscription = await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id);
        Assert.Equal(subscription.CurrentPeriodEnd, subscription.PaidThrough);
        Assert.Equal(CheckoutState.Complete, (await db.CheckoutSessions.SingleAsync(s => s.OrgId == org.Id)).State);
    }

    [Fact]
    public async Task FirstPurchase_OneEventAloneArrives_IsEnough()
    {
        for (var only = 0; only < 3; only++)
        {
            var (org, events) = await BoughtAsync();
            await _world.Events.DeliverAsync(events[only]);
            await org.EventuallyAsync("plan", "pro");
        }
    }

    [Fact]
    public async Task Update_Newer_IsAppliedFromThePayloadWithoutAskingStripe()
    {
        var (org, subscription) = await SubscribedAsync();
        // Stripe knows nothing of this, so only the payload can have said it.
        subscription["status"] = "trialing";

        await DeliverAsync("customer.subscription.updated", subscription, LaterBy(10));

        Assert.Equal("trialing", (await org.StatusAsync())["status"]);
        Assert.Equal(EventOutcome.Applied, await LastOutcomeAsync(org));
    }

    [Fact]
    public async Task Update_OlderThanTheOneApplied_IsRecordedOnly()
    {
        var (org, subscription) = await SubscribedAsync();
        subscription["status"] = "trialing";
        await DeliverAsync("customer.subscription.updated", subscription, LaterBy(20));
        subscription["status"] = "unpaid";

        await DeliverAsync("customer.subscription.updated", subscription, LaterBy(10));

        Assert.Equal("trialing", (await org.StatusAsync())["status"]);
        Assert.Equal(EventOutcome.Older, await LastOutcomeAsync(org));
    }

    [Fact]
    public async Task Update_OfTheSameSecond_IsDecidedByAskingStripe()
    {
        var (org, subscription) = await SubscribedAsync();
        var second = _world.Sandbox.Clock.GetUtcNow().AddSeconds(1);
        subscription["status"] = "trialing";
        await DeliverAsync("customer.subscription.updated", subscription, second);
        subscription["status"] = "unpaid";

        await DeliverAsync("customer.subscription.updated", subscription, second);

        // Stripe says active; the re-read waits until its answer is newer than that second for certain.
        await org.EventuallyAsync("status", "active");
    }

    [Fact]
    public async Task Update_OfAnotherApiVersion_IsReadFromStripe()
    {
        var (org, subscription) = await SubscribedAsync();
        subscription["status"] = "unpaid";
        var e = EventsByHand.Event("customer.subscription.updated", subscription, LaterBy(10));
        e["api_version"] = "2026-09-30.endive";

        await _world.Events.DeliverAsync(e);

        Assert.Equal(EventOutcome.ReRead, await LastOutcomeAsync(org));
        Assert.Equal("active", (await org.StatusAsync())["status"]);
    }

    [Fact]
    public async Task Invoice_OfAnOlderApiVersionThatNamesItsSubscriptionElsewhere_IsReadFromStripe()
    {
        var (org, subscription) = await SubscribedAsync();
        var invoice = new JsonObject
        {
            ["id"] = "in_old",
            ["object"] = "invoice",
            ["customer"] = subscription["customer"]!.ToString(),
            ["subscription"] = subscription["id"]!.ToString(),
            ["lines"] = new JsonObject { ["object"] = "list", ["data"] = new JsonArray() },
        };
        var e = EventsByHand.Event("invoice.payment_failed", invoice, LaterBy(10));
        e["api_version"] = "2024-06-20";

        await _world.Events.DeliverAsync(e);

        Assert.Equal(EventOutcome.ReRead, await LastOutcomeAsync(org));
    }

    [Fact]
    public async Task Metadata_EditedByHandAtStripe_DoesNotKeepTheOrgFromItsEvents()
    {
        var (org, subscription) = await SubscribedAsync();
        subscription["metadata"]!["billing_signature"] = "k1.(removed)";
        subscription["status"] = "canceled";
        await DeliverAsync("customer.subscription.deleted", subscription, LaterBy(10));
        Assert.Equal("free", (await org.StatusAsync())["plan"]);
    }

    [Fact]
    public async Task Created_IncompleteArrivingAfterTheReadOfItsOwnSecond_DoesNotTakeThePlanAway()
    {
        // The snapshot and the read fall into one second, so that only a second read can tell which is newer.
        var (org, subscription) = await SubscribedAsync();
        await using (var db = _world.OpenDb())
        {
            Assert.NotNull((await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id)).ReadAt);
        }
        var readAt = await ReadAtAsync(org);
        subscription["status"] = "incomplete";

        await DeliverAsync("customer.subscription.created", subscription, readAt);

        Assert.Equal(("pro", "active"), ((await org.StatusAsync())["plan"], (await org.StatusAsync())["status"]));
        Assert.Equal(EventOutcome.ReRead, await LastOutcomeAsync(org));
    }

    [Theory]
    [InlineData("canceled")]
    [InlineData("incomplete_expired")]
    public async Task End_IsAppliedAtOnceWhateverItsOrder_AndIsFinal(string end)
    {
        var (org, subscription) = await SubscribedAsync();
        await DeliverAsync("customer.subscription.updated", subscription, LaterBy(20));
        subscription["status"] = end;
        await DeliverAsync("customer.subscription.deleted", subscription, LaterBy(10));
        Assert.Equal("free", (await org.StatusAsync())["plan"]);

        subscription["status"] = "active";
        await DeliverAsync("customer.subscription.updated", subscription, LaterBy(30));

        var status = await org.StatusAsync();
        Assert.Equal(("free", null, null), (status["plan"], status["status"], status["current_period_end"]));
        Assert.Equal(EventOutcome.Older, await LastOutcomeAsync(org));
    }

    [Fact]
    public async Task Deleted_AtStripe_TakesThePlanAway()
    {
        var (org, subscription) = await SubscribedAsync();
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync(subscription["id"]!.ToString());
        var events = await _world.Events.OfCustomerAsync(subscription["customer"]!.ToString());

        await _world.Events.DeliverAsync(events.Single(e => e["type"]!.ToString() == "customer.subscription.deleted"));

        Assert.Equal("free", (await org.StatusAsync())["plan"]);
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "team" })).Status);
    }

    [Fact]
    public async Task Cancellation_Scheduled_IsShownInEitherOfStripesTwoWays()
    {
        var (org, subscription) = await SubscribedAsync();
        var end = subscription["items"]!["data"]![0]!["current_period_end"]!.GetValue<long>();

        subscription["cancel_at"] = end; // a portal's way: cancel_at_period_end stays false
        await DeliverAsync("customer.subscription.updated", subscription, LaterBy(10));
        Assert.Equal("true", (await org.StatusAsync())["cancel_at_period_end"]);

        subscription["cancel_at_period_end"] = true;
        await DeliverAsync("customer.subscription.updated", subscription, LaterBy(20));
        var status = await org.StatusAsync();
        Assert.Equal("true", status["cancel_at_period_end"]);
        Assert.Equal(end, DateTimeOffset.Parse(status["cancel_at"]!).ToUnixTimeSeconds());
    }

    private DateTimeOffset LaterBy(int seconds) => _world.Sandbox.Clock.GetUtcNow().AddSeconds(seconds);

    private Task<ApiAnswer> DeliverAsync(string type, JsonNode subscription, DateTimeOffset created) =>
        _world.Events.DeliverAsync(EventsByHand.Event(type, subscription, created));

    private async Task<(TestOrg Org, List<JsonNode> Events)> BoughtAsync()
    {
        var org = await TestOrg.CreateAsync(_world);
        return (org, await org.BuyUndeliveredAsync());
    }

    private async Task<(TestOrg Org, JsonNode Subscription)> SubscribedAsync()
    {
        var org = await TestOrg.CreateAsync(_world);
        return (org, await org.SubscribeByHandAsync());
    }

    private async Task<DateTimeOffset> ReadAtAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id)).ReadAt!.Value;
    }

    private async Task<EventOutcome> LastOutcomeAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        return (await db.StripeEvents.Where(e => e.OrgId == org.Id).OrderByDescending(e => e.ReceivedAt).FirstAsync()).Outcome;
    }

    private static IEnumerable<JsonNode> Permute(List<JsonNode> events, int number)
    {
        var left = events.ToList();
        for (var i = left.Count; i > 0; i--)
        {
            var pick = number % i;
            number /= i;
            yield return left[pick];
            left.RemoveAt(pick);
        }
    }
}
