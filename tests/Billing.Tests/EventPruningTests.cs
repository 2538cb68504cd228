using Billing.Persistence;
using Billing.Tests.World;
using Billing.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>Old events lose their bodies and then their rows; parked ones and what events led to stay.</summary>
public sealed class EventPruningTests(BillingFixture fixture)
{
    [Fact]
    public async Task Events_ByAge_KeepTheirBodies_ThenTheirRows_ThenNothing()
    {
        await using var world = await StartAsync();
        await using var db = world.OpenDb();
        foreach (var days in new[] { 29, 31, 89, 91 })
        {
            await InsertAsync(db, days, count: 1);
        }

        world.Service<EventPruning>().Wake();

        var kept = await Eventually.Async(() => KeptAsync(db), rows => rows.Count == 16, "the oldest are deleted");
        string[] done = ["applied", "ignored", "older", "re_read"];
        var expected = done.SelectMany(outcome => new[] { $"{outcome} 29 body", $"{outcome} 31 empty", $"{outcome} 89 empty" })
            .Concat(["parked 29 body", "parked 31 body", "parked 89 body", "parked 91 body"]);
        Assert.Equal(expected.Order(), kept.Order());
    }

    [Fact]
    public async Task Events_KeptForLonger_StayAsTheyAre()
    {
        await using var world = await StartAsync(new Dictionary<string, string?>
        {
            ["Billing:Retention:Payloads"] = "50.00:00:00",
            ["Billing:Retention:Events"] = "100.00:00:00",
        });
        await using var db = world.OpenDb();
        foreach (var days in new[] { 49, 99, 101 })
        {
            await InsertAsync(db, days, count: 1);
        }

        world.Service<EventPruning>().Wake();

        var kept = await Eventually.Async(() => KeptAsync(db), rows => rows.Count == 11, "the oldest are deleted");
        Assert.Contains("applied 49 body", kept);
        Assert.Contains("applied 99 empty", kept);
    }

    [Fact]
    public async Task Events_MoreThanOneStep_ArePrunedByTwoHostsAtOnce()
    {
        await using var world = await StartAsync();
        await using var db = world.OpenDb();
        await InsertAsync(db, days: 120, count: EventPruning.Step);

        await world.StartSecondHostAsync(); // it looks at once
        world.Service<EventPruning>().Wake();

        var kept = await Eventually.Async(() => KeptAsync(db), rows => rows.Count == EventPruning.Step, "all but the parked ones are deleted");
        Assert.All(kept, row => Assert.Equal("parked 120 body", row));
    }

    [Fact]
    public async Task Event_DeliveredAgainAfterItsRowIsGone_CreditsNothingTwice()
    {
        await using var world = await StartAsync();
        var org = await TestOrg.CreateAsync(world);
        await org.BuyCreditsAsync();
        await using var db = world.OpenDb();
        var events = await world.Events.OfCustomerAsync((await db.Orgs.SingleAsync(o => o.Id == org.Id)).StripeCustomerId!);
        foreach (var (e, interval) in events.Zip(Enumerable.Repeat(TimeSpan.FromDays(91), events.Count)))
        {
            await world.Events.DeliverAsync(e);
            await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET received_at = received_at - {interval}");
        }
        Assert.Equal("500", (await org.CreditsAsync())["balance"]);
        world.Service<EventPruning>().Wake();
        await Eventually.Async(() => db.StripeEvents.CountAsync(), left => left == 0, "the rows are deleted");

        foreach (var e in events)
        {
            Assert.Equal(200, (await world.Events.DeliverAsync(e)).Status);
        }

        Assert.Equal("500", (await org.CreditsAsync())["balance"]);
        Assert.Equal(0, await db.StripeEvents.CountAsync(e => e.Outcome == EventOutcome.Parked));
    }

    private async Task<BillingWorld> StartAsync(Dictionary<string, string?>? settings = null) =>
        await fixture.StartWorldAsync(deliver: false, settings);

    /// <summary>As many of each outcome, received so long ago.</summary>
    private static Task<int> InsertAsync(BillingDb db, int days, int count) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO stripe_events (id, type, created_at, received_at, payload, outcome, attempts, detail)
        SELECT concat_ws('_', 'evt', outcome, {days}, n), 'product.created', now(), now() - interval '1 day' * {days}, 'body', outcome, 0, {days}::text
        FROM unnest(ARRAY['applied', 'older', 'ignored', 're_read', 'parked']) outcome, generate_series(1, {count}) n
        """);

    private static Task<List<string>> KeptAsync(BillingDb db) => db.Database.SqlQuery<string>(
        $"""
        SELECT concat_ws(' ', outcome, detail, CASE payload WHEN '' THEN 'empty' WHEN 'body' THEN 'body' END) AS "Value" FROM stripe_events
        """).ToListAsync();
}
