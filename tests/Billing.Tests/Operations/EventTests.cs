using System.Text.Json.Nodes;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Operations;

/// <summary>The inbox in an operator's hands.</summary>
public sealed class EventTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.SilentWorld;

    [Fact]
    public async Task Replay_OfAParkedEvent_AfterTheMend_AppliesItOnce()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var (org, ops) = (await TestOrg.CreateAsync(world), new OpsClient(world));
        var events = await org.BuyUndeliveredAsync();
        await using var db = world.OpenDb();
        await db.Database.ExecuteSqlAsync($"ALTER TABLE subscriptions ADD CONSTRAINT broken CHECK (id = '')");
        foreach (var e in events)
        {
            await world.Events.DeliverAsync(e);
        }
        await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET retry_at = clock_timestamp() + interval '1 day'");
        var parked = (await ops.GetAsync("/events?outcome=parked")).Body!["events"]!.AsArray();
        Assert.Equal(events.Count, parked.Count);
        var one = (string)parked.First(e => (string)e!["type"]! == "customer.subscription.created")!["id"]!;
        Assert.Equal("still_failing", (await ops.PostAsync($"/events/{one}/replay", new { reason = "try" }))["error.details.reason"]);
        Assert.Equal("parked", (await ops.GetAsync($"/events/{one}"))["event.outcome"]);

        await db.Database.ExecuteSqlAsync($"ALTER TABLE subscriptions DROP CONSTRAINT broken");
        foreach (var e in parked.Select(e => (string)e!["id"]!))
        {
            Assert.Equal(0, (await ops.RunAsync("events", "replay", e, "--reason", "mended")).Code);
        }

        await org.EventuallyAsync("plan", "pro");
        await org.EventuallyAsync("credits", "1000");
        Assert.Empty((await ops.GetAsync("/events?outcome=parked")).Body!["events"]!.AsArray());
        Assert.Equal("took_effect", (await ops.PostAsync($"/events/{one}/replay", new { reason = "again" }))["error.details.reason"]);
        var acts = await db.Audit.AsNoTracking().Where(entry => entry.Action == "replay_event").ToListAsync();
        Assert.Equal(events.Count, acts.Count);
        Assert.All(acts, act => Assert.Equal("mended", act.Reason));
    }

    [Fact]
    public async Task Show_ShowsTheBodyAsReceived_AndListsByOrg()
    {
        var (org, ops) = (await TestOrg.CreateAsync(_world), new OpsClient(_world));
        var subscription = await org.SubscribeByHandAsync();
        subscription["description"] = "ä\u0000\"";
        var e = EventsByHand.Event("customer.subscription.updated", subscription, _world.Sandbox.Clock.GetUtcNow().AddSeconds(10));
        await _world.Events.DeliverAsync(e);

        var id = (string)e["id"]!;
        var shown = await ops.GetAsync($"/events/{id}");

        Assert.Equal((200, org.Id), (shown.Status, shown["event.org"]));
        Assert.True(JsonNode.DeepEquals(e, JsonNode.Parse(shown["payload"]!)));
        Assert.Contains((await ops.GetAsync($"/events?org={org.Id}&limit=500")).Body!["events"]!.AsArray(), listed => (string)listed!["id"]! == id);
        Assert.Equal(404, (await ops.GetAsync("/events/evt_none")).Status);
        Assert.Equal(1, (await ops.RunAsync("events", "show", "evt_none")).Code);
    }

    [Theory]
    [InlineData("/events?outcome=lost", "outcome")]
    [InlineData("/events?limit=0", "limit")]
    [InlineData("/events?limit=501", "limit")]
    [InlineData("/keys?all=yes", "all")]
    [InlineData("/events?page=2", "page")]
    [InlineData("/events?org=%00", "org")]
    public async Task List_AskedWrongly_NamesTheParameter(string path, string parameter)
    {
        var answer = await new OpsClient(_world).GetAsync(path);
        Assert.Equal((400, parameter), (answer.Status, answer["error.details.errors.0.path"]));
    }
}
