using System.Text.Json.Nodes;
using Billing.Persistence;
using Billing.Tests.World;
using Billing.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>DESIGN rule 1 for a crowd: what cannot be applied holds up nothing that comes with it, before it or after it.</summary>
public sealed class PoisonTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.SilentWorld;

    [Fact]
    public async Task Events_OfTheSameMomentAndOrg_AreAppliedBesideOneThatCannotBe()
    {
        var orgs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestOrg.CreateAsync(_world)));
        var subscriptions = await Task.WhenAll(orgs.Select(org => org.SubscribeByHandAsync()));
        var start = _world.Sandbox.Clock.GetUtcNow().AddSeconds(10);
        var events = subscriptions.SelectMany(subscription => Enumerable.Range(0, 10).Select(i => Change(subscription, start.AddSeconds(i)))).ToList();
        var poison = subscriptions.Select(subscription => Break(Change(subscription, start.AddSeconds(20)))).ToList(); // an older one is not looked at

        var answers = await Task.WhenAll(events.Concat(poison).OrderBy(_ => Random.Shared.Next()).Select(e => _world.Events.DeliverAsync(e)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        await using var db = _world.OpenDb();
        foreach (var (org, subscription) in orgs.Zip(subscriptions))
        {
            var parked = await db.StripeEvents.Where(e => e.OrgId == org.Id && e.Outcome == EventOutcome.Parked).CountAsync();
            Assert.Equal((0, 10), (parked, await CountAsync(db, events, subscription, e => e.Outcome != EventOutcome.Parked)));
            Assert.Equal(1, await CountAsync(db, poison, subscription, e => e.Outcome == EventOutcome.Parked && e.Attempts == 1 && e.Detail != null && e.RetryAt != null));
            var row = await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id);
            Assert.Equal(start.AddSeconds(9).ToUnixTimeSeconds(), row.StateAt!.Value.ToUnixTimeSeconds());
        }
    }

    [Fact]
    public async Task TopUp_WhoseCauseWasMended_IsCreditedOnce_HoweverOftenItCame()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var (unlucky, lucky) = (await TestOrg.CreateAsync(world), await TestOrg.CreateAsync(world));
        var events = await Task.WhenAll(BuyCreditsAsync(world, unlucky), BuyCreditsAsync(world, lucky));
        await using var db = world.OpenDb();
        var broken = $"ALTER TABLE credit_grants ADD CONSTRAINT broken CHECK (org_id <> '{unlucky.Id}')";
        await db.Database.ExecuteSqlRawAsync(broken);

        Assert.All(await Task.WhenAll(events.Concat(events).Select(e => world.Events.DeliverAsync(e))), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(("0", "500"), ((await unlucky.CreditsAsync())["balance"], (await lucky.CreditsAsync())["balance"]));
        var parked = await db.StripeEvents.AsNoTracking().SingleAsync(e => e.Outcome == EventOutcome.Parked);
        Assert.Equal(events[0]["id"]!.ToString(), parked.Id);
        Assert.Contains("broken", parked.Detail);

        await db.Database.ExecuteSqlAsync($"ALTER TABLE credit_grants DROP CONSTRAINT broken");
        await RetryAsync(world, db);
        await Eventually.Async(unlucky.CreditsAsync, credits => credits["balance"] == "500", "the credits are booked");
        Assert.Equal(200, (await world.Events.DeliverAsync(events[0])).Status);

        Assert.Equal("500", (await unlucky.CreditsAsync())["balance"]);
        var applied = await db.StripeEvents.AsNoTracking().SingleAsync(e => e.Id == parked.Id);
        Assert.Equal((EventOutcome.Applied, unlucky.Id, null, null), (applied.Outcome, applied.OrgId, applied.Detail, applied.RetryAt));
    }

    [Fact]
    public async Task Event_WhoseCauseWasMended_IsNotHeldUpByThoseThatStillFail()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var subscription = await org.SubscribeByHandAsync();
        var start = world.Sandbox.Clock.GetUtcNow().AddSeconds(10);
        foreach (var i in Enumerable.Range(0, 20))
        {
            await world.Events.DeliverAsync(Break(Change(subscription, start.AddSeconds(i))));
        }
        var mended = Break(Change(subscription, start.AddSeconds(-5)));
        await world.Events.DeliverAsync(mended);
        await using var db = world.OpenDb();
        var (id, whole) = (mended["id"]!.ToString(), Change(subscription, start.AddSeconds(-5)).ToJsonString());
        await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET payload = convert_to({whole}, 'UTF8') WHERE id = {id}"); // as new code would read it

        await RetryAsync(world, db);

        await Eventually.Async(() => db.StripeEvents.AsNoTracking().SingleAsync(e => e.Id == id), e => e.Outcome == EventOutcome.Applied, "it is applied");
        await Eventually.Async(
            () => db.StripeEvents.CountAsync(e => e.Outcome == EventOutcome.Parked && e.Attempts > 1), tried => tried == 20, "each was tried once more");
    }

    private static async Task RetryAsync(BillingWorld world, BillingDb db)
    {
        await db.Database.ExecuteSqlAsync($"UPDATE stripe_events SET retry_at = clock_timestamp() - interval '1 second' / length(id) WHERE outcome = 'parked'");
        world.Service<ParkedEvents>().Wake();
    }

    private static async Task<JsonNode> BuyCreditsAsync(BillingWorld world, TestOrg org)
    {
        var session = await world.Events.GetAsync("/v1/checkout/sessions/" + await org.BuyCreditsAsync());
        return EventsByHand.Event("checkout.session.completed", session, world.Sandbox.Clock.GetUtcNow());
    }

    private static JsonNode Change(JsonNode subscription, DateTimeOffset at) => EventsByHand.Event("customer.subscription.updated", subscription, at);

    private static JsonNode Break(JsonNode e)
    {
        e["data"]!["object"]!["items"]!["data"]!.AsArray().Clear();
        return e;
    }

    private static Task<int> CountAsync(
        BillingDb db, List<JsonNode> events, JsonNode subscription, System.Linq.Expressions.Expression<Func<StripeEvent, bool>> which)
    {
        var ids = events.Where(e => e["data"]!["object"]!["id"]!.ToString() == subscription["id"]!.ToString()).Select(e => e["id"]!.ToString()).ToList();
        return db.StripeEvents.Where(e => ids.Contains(e.Id)).CountAsync(which);
    }
}
