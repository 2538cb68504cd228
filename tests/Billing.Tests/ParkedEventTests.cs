using System.Text.Json.Nodes;
using Billing.Persistence;
using Billing.Tests.World;
using Billing.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>DESIGN rule 1: what cannot be applied is kept, seen, tried again, and in nobody's way.</summary>
public sealed class ParkedEventTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.SilentWorld;

    [Fact]
    public async Task Event_ThatCannotBeApplied_IsParkedWithItsError()
    {
        var (org, e) = await PoisonAsync();

        Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);

        var row = await FindAsync(e);
        Assert.Equal((EventOutcome.Parked, 1), (row.Outcome, row.Attempts));
        Assert.Contains("no items", row.Detail);
        Assert.NotNull(row.RetryAt);
        Assert.Equal("pro", (await org.StatusAsync())["plan"]);
    }

    [Fact]
    public async Task Event_GenuineButUnreadable_IsParkedAndNotRefused()
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        subscription["trial_end"] = "soon";
        var e = EventsByHand.Event("customer.subscription.updated", subscription, _world.Sandbox.Clock.GetUtcNow().AddSeconds(10));

        Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);

        Assert.Equal(EventOutcome.Parked, (await FindAsync(e)).Outcome);
    }

    [Fact]
    public async Task Event_ThatFailsForDays_IsStillTriedEverySixHours()
    {
        var (_, e) = await PoisonAsync();
        await _world.Events.DeliverAsync(e);
        await using (var db = _world.OpenDb())
        {
            var id = e["id"]!.ToString();
            await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET attempts = 1000 WHERE id = {id}");
        }

        await MakeDueAsync(e);

        var row = await Eventually.Async(() => FindAsync(e), r => r.Attempts == 1001, "the event was tried again");
        Assert.Equal(EventOutcome.Parked, row.Outcome);
        Assert.InRange((row.RetryAt!.Value - DateTimeOffset.UtcNow).TotalHours, 4, 8);
    }

    [Fact]
    public async Task Event_Parked_DoesNotBlockLaterOnesOfTheSameOrg()
    {
        var (org, poison) = await PoisonAsync();
        await _world.Events.DeliverAsync(poison);
        var good = poison.DeepClone();
        good["id"] = "evt_" + Guid.NewGuid().ToString("N");
        good["created"] = good["created"]!.GetValue<long>() + 5;
        good["data"]!["object"] = await _world.Events.GetAsync("/v1/subscriptions/" + poison["data"]!["object"]!["id"]);
        good["data"]!["object"]!["status"] = "trialing";

        await _world.Events.DeliverAsync(good);

        Assert.Equal("trialing", (await org.StatusAsync())["status"]);
    }

    [Fact]
    public async Task Event_ParkedAndDeliveredAgain_StaysOne()
    {
        var (_, e) = await PoisonAsync();
        await _world.Events.DeliverAsync(e);
        Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);
        Assert.Equal(EventOutcome.Parked, (await FindAsync(e)).Outcome);
    }

    [Fact]
    public async Task Event_StillFailing_IsPutOffEverLonger()
    {
        var (_, e) = await PoisonAsync();
        await _world.Events.DeliverAsync(e);
        var before = DateTimeOffset.UtcNow;

        await MakeDueAsync(e);

        var second = await Eventually.Async(() => FindAsync(e), row => row.Attempts == 2, "the event was tried again");
        Assert.Equal(EventOutcome.Parked, second.Outcome);
        Assert.True(second.RetryAt - before >= TimeSpan.FromSeconds(15)); // the first pause is 12.5 s at most
    }

    [Fact]
    public async Task Event_WhoseCauseWasMended_IsApplied()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var events = await org.BuyUndeliveredAsync();
        await using var db = world.OpenDb();
        await db.Database.ExecuteSqlAsync($"ALTER TABLE subscriptions ADD CONSTRAINT broken CHECK (id = '')");
        foreach (var e in events)
        {
            Assert.Equal(200, (await world.Events.DeliverAsync(e)).Status);
        }
        Assert.Equal(events.Count, await db.StripeEvents.CountAsync(e => e.Outcome == EventOutcome.Parked));

        await db.Database.ExecuteSqlAsync($"ALTER TABLE subscriptions DROP CONSTRAINT broken");
        await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET retry_at = clock_timestamp()");
        world.Service<ParkedEvents>().Wake();

        await org.EventuallyAsync("plan", "pro");
        await Eventually.Async(
            () => db.StripeEvents.CountAsync(e => e.Outcome == EventOutcome.Parked), parked => parked == 0, "none is parked any more");
    }

    /// <summary>A subscribed org and a genuine event about it that no code could apply.</summary>
    private async Task<(TestOrg Org, JsonNode Event)> PoisonAsync()
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        subscription["items"]!["data"]!.AsArray().Clear();
        return (org, EventsByHand.Event("customer.subscription.updated", subscription, _world.Sandbox.Clock.GetUtcNow().AddSeconds(10)));
    }

    private async Task MakeDueAsync(JsonNode e)
    {
        await using var db = _world.OpenDb();
        var id = e["id"]!.ToString();
        await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET retry_at = clock_timestamp() WHERE id = {id}");
        _world.Service<ParkedEvents>().Wake();
    }

    private async Task<StripeEvent> FindAsync(JsonNode e)
    {
        await using var db = _world.OpenDb();
        var id = e["id"]!.ToString();
        return await db.StripeEvents.AsNoTracking().SingleAsync(row => row.Id == id);
    }
}
