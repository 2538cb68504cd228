using Billing.Tests.World;
using LocalPostgres;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>Our own trouble is 503 and loses nothing. These tests stop a database or Stripe of their own.</summary>
public sealed class OutageTests(BillingFixture fixture)
{
    [Fact]
    public async Task Database_Stopped_AnswersUnavailable_AndRecoversByItself()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresOptions { AlwaysStart = true });
        await server.CreateDatabaseAsync("billing");
        await using (var db = BillingFixture.OpenDb(server.ConnectionString("billing")))
        {
            await Persistence.Migrator.MigrateAsync(db, CancellationToken.None);
        }
        await using var world = await BillingWorld.StartAsync(server.ConnectionString("billing"), deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var events = await org.BuyUndeliveredAsync();
        Assert.Equal(200, await ReadyAsync(world));

        await server.StopAsync();
        foreach (var e in events)
        {
            AssertUnavailable(await world.Events.DeliverAsync(e));
        }
        AssertUnavailable(await org.StatusAsync());
        AssertUnavailable(await org.CheckoutAsync(new { plan = "pro" }));
        Assert.Equal(503, await ReadyAsync(world));
        using (var client = world.Client())
        {
            Assert.Equal(200, (int)(await client.GetAsync("/health/live")).StatusCode);
        }

        await server.StartAgainAsync();
        // A connection from before the outage fails once, so the first delivery may still be refused; Stripe repeats it.
        foreach (var e in events)
        {
            await Eventually.Async(() => world.Events.DeliverAsync(e), answer => answer.Status == 200, "the event is taken in");
        }
        await org.EventuallyAsync("plan", "pro");
        Assert.Equal(200, await ReadyAsync(world));
    }

    [Fact]
    public async Task Stripe_Unreachable_CheckoutAnswersUnavailable_AndTheRetryGoesOn()
    {
        await using var world = await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync());
        var org = await TestOrg.CreateAsync(world);
        var elsewhere = await world.StartSecondHostAsync(new Dictionary<string, string?> { ["Stripe:ApiBase"] = $"http://127.0.0.1:{FreePort.Find()}" });

        AssertUnavailable(await org.CheckoutAsync(new { plan = "pro" }, elsewhere));

        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" })).Status);
    }

    [Fact]
    public async Task Stripe_RefusesTheKey_CheckoutAnswersStripeError_WithoutStripesWords()
    {
        await using var world = await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync());
        var org = await TestOrg.CreateAsync(world);
        await using (var db = world.OpenDb())
        {
            await db.Database.ExecuteSqlAsync($"UPDATE orgs SET stripe_customer_id = 'cus_nobody' WHERE id = {org.Id}");
        }

        var refused = await org.CheckoutAsync(new { plan = "pro" });

        Assert.Equal((502, "STRIPE_ERROR"), (refused.Status, refused["error.code"]));
        Assert.DoesNotContain("cus_nobody", refused.Body!.ToJsonString());
    }

    [Fact]
    public async Task Price_MissingAtStripe_IsUnavailable()
    {
        var settings = new Dictionary<string, string?> { ["Billing:Plans:team:Monthly:Amount"] = "9901" };
        await using var world = await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync());
        var org = await TestOrg.CreateAsync(world);
        // This host's catalog says another amount than the price at Stripe has.
        var misconfigured = await world.StartSecondHostAsync(settings);

        AssertUnavailable(await org.CheckoutAsync(new { plan = "team" }, misconfigured));
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" }, misconfigured)).Status);
    }

    [Fact]
    public async Task Database_RestoredToAnEarlierPoint_OurSignatureBringsTheOrgBack()
    {
        await using var world = await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync(), deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var events = await org.BuyUndeliveredAsync();
        await using (var db = world.OpenDb())
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM checkout_sessions");
            await db.Database.ExecuteSqlAsync($"UPDATE orgs SET stripe_customer_id = NULL");
        }

        await world.Events.DeliverAsync(events.Single(e => e["type"]!.ToString() == "customer.subscription.created"));

        await org.EventuallyAsync("plan", "pro");
        await using var restored = world.OpenDb();
        Assert.NotNull((await restored.Orgs.SingleAsync(o => o.Id == org.Id)).StripeCustomerId);
    }

    private static void AssertUnavailable(ApiAnswer answer)
    {
        Assert.Equal((503, "UNAVAILABLE"), (answer.Status, answer["error.code"]));
        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    private static async Task<int> ReadyAsync(BillingWorld world)
    {
        using var client = world.Client();
        using var response = await client.GetAsync("/health/ready");
        return (int)response.StatusCode;
    }
}
