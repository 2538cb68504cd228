using System.Text.Json.Nodes;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>Two hosts that are sent the same events at the same moment: each event is stored once, changes once, and is acknowledged by both.</summary>
public sealed class TwoIntakesTests(BillingFixture fixture) : IAsyncLifetime
{
    private const int Events = 40;

    private BillingWorld _world = null!;
    private Uri _second = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await fixture.StartWorldAsync(deliver: false);
        _second = await _world.StartSecondHostAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Events_OfNoOrg_SentToBothHostsAtOnce_AreStoredOnceAndAcknowledgedTwice()
    {
        var events = Enumerable.Range(0, Events).Select(i => EventsByHand.Event(
            "product.created", new JsonObject { ["id"] = $"prod_{i}", ["object"] = "product" }, _world.Sandbox.Clock.GetUtcNow())).ToList();

        await DeliverToBothAsync(events);

        await using var db = _world.OpenDb();
        Assert.Equal(Events, await db.StripeEvents.CountAsync(e => e.Type == "product.created" && e.Outcome == EventOutcome.Ignored));
    }

    [Fact]
    public async Task Events_OfOrgs_SentToBothHostsAtOnce_ChangeOnce()
    {
        var orgs = new List<(TestOrg Org, JsonNode Subscription)>();
        for (var i = 0; i < 4; i++)
        {
            var org = await TestOrg.CreateAsync(_world);
            orgs.Add((org, await org.SubscribeByHandAsync()));
        }
        await using var db = _world.OpenDb();
        var before = await VersionsAsync(db);
        var start = _world.Sandbox.Clock.GetUtcNow().AddSeconds(5);

        foreach (var round in Enumerable.Range(0, Events / 4))
        {
            await DeliverToBothAsync([.. orgs.Select(org => Cancelling(org.Subscription, round % 2 == 0, start.AddSeconds(round)))]);
        }

        foreach (var (org, _) in orgs)
        {
            Assert.Equal("false", (await org.StatusAsync())["cancel_at_period_end"]);
            Assert.Equal("1000", (await org.CreditsAsync())["balance"]);
        }
        Assert.Equal(before.Select(version => version + Events / 4), await VersionsAsync(db));
        Assert.Equal(Events, await db.StripeEvents.CountAsync(e => e.Type == "customer.subscription.updated" && e.Outcome == EventOutcome.Applied));
    }

    [Fact]
    public async Task Intake_ThatWaitsForAnOrg_LeavesTheOtherHostsAtWork()
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        await using var db = _world.OpenDb();
        await using var holding = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync($"SELECT FROM orgs WHERE id = {org.Id} FOR UPDATE");

        var waiting = _world.Events.DeliverAsync(Cancelling(subscription, true, _world.Sandbox.Clock.GetUtcNow().AddSeconds(5)));
        await using var watch = _world.OpenDb();
        await Eventually.Async(
            () => watch.Database.SqlQuery<int>(
                $"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync(),
            count => count > 0, "the first host waits for the org");
        var other = EventsByHand.Event("product.created", new JsonObject { ["id"] = "prod_1", ["object"] = "product" }, _world.Sandbox.Clock.GetUtcNow());

        Assert.Equal(200, (await _world.Events.DeliverAsync(other, _second)).Status);
        Assert.False(waiting.IsCompleted);
        await holding.RollbackAsync();
        Assert.Equal(200, (await waiting).Status);
    }

    private async Task DeliverToBothAsync(IReadOnlyCollection<JsonNode> events)
    {
        var deliveries = events.SelectMany(e => new[] { _world.Events.DeliverAsync(e), _world.Events.DeliverAsync(e, _second) });
        Assert.All(await Task.WhenAll(deliveries), answer => Assert.Equal(200, answer.Status));
    }

    private static JsonNode Cancelling(JsonNode subscription, bool cancels, DateTimeOffset at)
    {
        var changed = subscription.DeepClone();
        changed["cancel_at_period_end"] = cancels;
        return EventsByHand.Event("customer.subscription.updated", changed, at);
    }

    private static Task<List<long>> VersionsAsync(BillingDb db) => db.Orgs.AsNoTracking().OrderBy(org => org.Id).Select(org => org.Version).ToListAsync();
}
