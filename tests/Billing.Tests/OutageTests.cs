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
        var elsewhere = await world.StartSecondHostAsync(new Dictionary<string, string?> { ["Stripe:ApiBase"] = "http://127.0.0.1:1" });

        AssertUnavailable(await org.CheckoutAsync(new { plan = "pro" }, elsewhere));

        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" })).Status);
    }

    [Fact]
    public async Task Stripe_Refuses_CheckoutAnswersStripeError_WithoutStripesWords()
    {
        await using var world = await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync());
        Assert.Equal(200, (await (await TestOrg.CreateAsync(world)).CheckoutAsync(new { plan = "pro" })).Status); // finds the price
        var price = (await world.Events.GetAsync("/v1/prices?lookup_keys[]=pro_monthly"))["data"]![0]!["id"]!.ToString();
        await new Stripe.PriceService(world.Stripe).UpdateAsync(price, new Stripe.PriceUpdateOptions { Active = false });

        var refused = await (await TestOrg.CreateAsync(world)).CheckoutAsync(new { plan = "pro" });

        Assert.Equal((502, "STRIPE_ERROR"), (refused.Status, refused["error.code"]));
        Assert.DoesNotContain(price, refused.Body!.ToJsonString());
        Assert.DoesNotContain("inactive", refused.Body!.ToJsonString());
    }

    [Fact]
    public async Task Stripe_UnreachableForAReRead_IsTriedAgainSoon()
    {
        await using var world = await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync(), deliver: false);
        await using var stripe = await FaultyStripe.StartAsync(world);
        var org = await TestOrg.CreateAsync(world);
        var events = await org.BuyUndeliveredAsync();
        await world.StopHostsAsync();
        var host = await world.StartSecondHostAsync(stripe.Settings);
        var reads = 0;
        stripe.Intercept = call =>
        {
            // The first read fails with all its retries.
            var fails = call.Request.Path.StartsWithSegments("/v1/subscriptions", StringComparison.Ordinal) && reads++ < 3;
            if (fails)
            {
                call.Abort();
            }
            return Task.FromResult(fails);
        };

        await world.Events.DeliverAsync(events[0], host);

        await using var db = world.OpenDb();
        await Eventually.Async(
            () => db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id), row => row.Plan == "pro", "the second read puts the org on pro");
        Assert.True(reads > 3);
    }

    [Fact]
    public async Task Database_ReadOnlyAfterAFailover_AnswersUnavailable()
    {
        await using var world = await BillingWorld.StartAsync(await fixture.CreateDatabaseAsync(), deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var events = await org.BuyUndeliveredAsync();
        var readOnly = world.ConnectionString + ";Options=-c default_transaction_read_only=on";
        var host = await world.StartSecondHostAsync(new Dictionary<string, string?> { ["ConnectionStrings:Billing"] = readOnly });

        AssertUnavailable(await world.Events.DeliverAsync(events[0], host));
        AssertUnavailable(await org.CheckoutAsync(new { plan = "pro" }, host));
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
