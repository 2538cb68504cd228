using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Billing.Authentication;
using Billing.Persistence;
using Billing.Tests.World;
using Billing.Webhooks;
using LocalPostgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

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
            await Migrator.MigrateAsync(db, CancellationToken.None);
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
        // A key that is sent along is not looked up where none is needed.
        var unseen = KeyMaterial.NewKey(livemode: false);
        Assert.Equal(200, (await world.SendAsync(HttpMethod.Get, "/health/live", unseen)).Status);
        Assert.Equal(400, (await world.SendAsync(HttpMethod.Post, "/v1/billing/webhook", unseen)).Status);

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
        await using var world = await fixture.StartWorldAsync();
        var org = await TestOrg.CreateAsync(world);
        var elsewhere = await world.StartSecondHostAsync(new Dictionary<string, string?> { ["Stripe:ApiBase"] = "http://127.0.0.1:1" });

        AssertUnavailable(await org.CheckoutAsync(new { plan = "pro" }, elsewhere));

        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" })).Status);
    }

    [Fact]
    public async Task Stripe_Refuses_CheckoutAnswersStripeError_WithoutStripesWords()
    {
        await using var world = await fixture.StartWorldAsync();
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
        await using var world = await fixture.StartWorldAsync(deliver: false);
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
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var events = await org.BuyUndeliveredAsync();
        var readOnly = world.ConnectionString + ";Options=-c default_transaction_read_only=on";
        var host = await world.StartSecondHostAsync(new Dictionary<string, string?> { ["ConnectionStrings:Billing"] = readOnly });

        AssertUnavailable(await world.Events.DeliverAsync(events[0], host));
        AssertUnavailable(await org.CheckoutAsync(new { plan = "pro" }, host));
    }

    [Fact]
    public async Task Database_WithoutItsTables_AnswersUnavailable()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var org = await TestOrg.CreateAsync(world);
        var events = await org.BuyUndeliveredAsync();
        var unmigrated = await fixture.CreateDatabaseAsync(migrated: false);
        var host = await world.StartSecondHostAsync(new Dictionary<string, string?> { ["ConnectionStrings:Billing"] = unmigrated });

        AssertUnavailable(await world.Events.DeliverAsync(events[0], host));
        AssertUnavailable(await org.CheckoutAsync(new { plan = "pro" }, host));

        // Migrated as far as the history knows, and yet a column and a table are gone: nothing is parked for that.
        await using (var db = world.OpenDb())
        {
            await db.Database.ExecuteSqlAsync($"ALTER TABLE stripe_events RENAME COLUMN attempts TO gone");
        }
        AssertUnavailable(await world.Events.DeliverAsync(events[0]));
        await using (var db = world.OpenDb())
        {
            await db.Database.ExecuteSqlAsync($"ALTER TABLE stripe_events RENAME TO gone");
        }
        var ready = await world.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal((503, "not_ready"), (ready.Status, ready["status"]));
        Assert.Contains("billing migrate", ready["reason"]);
    }

    [Fact]
    public async Task DatabaseRole_WithoutGrants_IsNotReady_AndWithTheDocumentedOnesDoesEverything()
    {
        var connectionString = await fixture.CreateDatabaseAsync();
        var role = "rt_" + Guid.NewGuid().ToString("N");
        await using var owner = BillingFixture.OpenDb(connectionString);
        await ExecuteAsync(owner, $"CREATE ROLE {role} LOGIN PASSWORD 'x'");
        try
        {
            var runtime = new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = "x" }.ConnectionString;
            await using var world = await BillingWorld.StartAsync(runtime);
            var ready = await world.SendAsync(HttpMethod.Get, "/health/ready");
            Assert.Equal((503, "not_ready"), (ready.Status, ready["status"]));
            Assert.Contains("grant", ready["reason"]);
            AssertUnavailable(await world.SendAsync(HttpMethod.Get, "/v1/billing/status", KeyMaterial.NewKey(livemode: false)));
            AssertUnavailable(await world.Events.DeliverAsync(
                EventsByHand.Event("product.created", new JsonObject { ["id"] = "prod_1", ["object"] = "product" }, world.Sandbox.Clock.GetUtcNow())));

            await ExecuteAsync(owner, Repository.Block("docs/migrations.md", "grants").Replace("billing_runtime", role));

            Assert.Equal(200, await ReadyAsync(world));
            var org = await TestOrg.CreateAsync(world);
            await org.BuyAsync();
            await org.EventuallyAsync("plan", "pro");
            Assert.Equal(200, (await new KeyedClient(world, org).PostAsync("/v1/billing/topup", """{"pack":"small"}""", key: "one")).Status);
            Assert.Equal(200, (await world.SendAsync(
                HttpMethod.Put, "/v1/billing/orgs/" + org.Id, await world.CreateKeyAsync(Role.Service), """{"name":"Acme"}""")).Status);
            await org.ActivateAsync(await org.BuyCreditsAsync());
            using (var service = world.Client(await world.CreateKeyAsync(Role.Service)))
            {
                service.DefaultRequestHeaders.Add("Billing-Org", org.Id);
                service.DefaultRequestHeaders.Add("Idempotency-Key", "two");
                using var debited = await service.PostAsJsonAsync("/v1/billing/credits/debit", new { amount = 700 });
                Assert.Equal(200, (int)debited.StatusCode);
            }
            await ExecuteAsync(owner, "UPDATE stripe_events SET received_at = received_at - interval '91 days'");
            world.Service<EventPruning>().Wake();
            await Eventually.Async(() => owner.StripeEvents.CountAsync(), left => left == 0, "the old events are deleted");
            Assert.All(await DriftingWorld.ReconcileAsync(world, repair: true, org), drift => Assert.True(drift.IsRepaired));
            await using var db = world.OpenDb();
            Assert.NotEmpty(await db.Audit.ToListAsync());
            foreach (var table in new[] { "credit_entries", "credit_movements", "audit" })
            {
                foreach (var change in new[] { $"DELETE FROM {table}", $"UPDATE {table} SET org_id = 'x'", $"TRUNCATE {table} CASCADE" })
                {
                    var denied = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(change));
                    Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
                }
            }
        }
        finally
        {
            await ExecuteAsync(owner, $"DROP OWNED BY {role}; DROP ROLE {role}");
        }

        static Task ExecuteAsync(BillingDb db, string sql) => db.Database.ExecuteSqlRawAsync(sql);
    }

    [Fact]
    public async Task Stripe_SilentWhileASessionIsActivated_IsUnavailableBeforeTheClientGivesUp()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        await using var stripe = await FaultyStripe.StartAsync(world);
        var host = await world.StartSecondHostAsync(new Dictionary<string, string?>(stripe.Settings) { ["Stripe:Timeout"] = "00:01:20" });
        var org = await TestOrg.CreateAsync(world);
        var (sessionId, _) = await org.BuyAsync();
        var asked = new TaskCompletionSource();
        stripe.Intercept = async call =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, call.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };

        var activation = org.ActivateAsync(sessionId, host);
        await asked.Task;
        await world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(51));

        AssertUnavailable(await activation.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal("active", (await org.ActivateAsync(sessionId))["state"]);
    }

    [Fact]
    public async Task Price_MissingAtStripe_IsUnavailable()
    {
        var settings = new Dictionary<string, string?> { ["Billing:Plans:team:Monthly:Amount"] = "9901" };
        await using var world = await fixture.StartWorldAsync();
        var org = await TestOrg.CreateAsync(world);
        // This host's catalog says another amount than the price at Stripe has.
        var misconfigured = await world.StartSecondHostAsync(settings);

        AssertUnavailable(await org.CheckoutAsync(new { plan = "team" }, misconfigured));
        Assert.Equal(200, (await org.CheckoutAsync(new { plan = "pro" }, misconfigured)).Status);
    }

    [Fact]
    public async Task Database_RestoredToAnEarlierPoint_OurSignatureBringsTheOrgBack()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
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
