using System.Text.Json.Nodes;
using Billing.Ledger;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Tests.Operations;

/// <summary>DESIGN section 7: personal data goes, the ledger stays under an id that says nothing.</summary>
public sealed class ErasureTests(BillingFixture fixture)
{
    private static readonly object Because = new { reason = "asked us to" };

    [Fact]
    public async Task Erase_UnderTheRoleOfHosts_TakesThePersonalDataAndKeepsTheLedger()
    {
        var connectionString = await fixture.CreateDatabaseAsync();
        var role = "rt_" + Guid.NewGuid().ToString("N");
        await using var owner = BillingFixture.OpenDb(connectionString);
        await ExecuteAsync(owner, $"CREATE ROLE {role} LOGIN PASSWORD 'x'");
        await ExecuteAsync(owner, Repository.Block("docs/migrations.md", "grants").Replace("billing_runtime", role));
        try
        {
            var runtime = new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = "x" }.ConnectionString;
            await using var world = await BillingWorld.StartAsync(runtime);
            var (org, ops) = (await TestOrg.CreateAsync(world), new OpsClient(world));
            await org.ActivateAsync((await org.BuyAsync()).SessionId);
            await world.SendAsync(
                HttpMethod.Put, "/v1/billing/orgs/" + org.Id, await world.CreateKeyAsync(Authentication.Role.Service),
                """{"name":"Ada Lovelace","email":"ada@lovelace.example"}""");
            await org.ActivateAsync(await org.BuyCreditsAsync());
            await org.EventuallyAsync("plan", "pro");
            var before = await owner.CreditEntries.AsNoTracking().CountAsync(entry => entry.OrgId == org.Id);
            Assert.Equal("subscription_live", (await ops.PostAsync($"/orgs/{org.Id}/erase", Because))["error.details.reason"]);
            var subscription = await owner.Subscriptions.Where(row => row.OrgId == org.Id).Select(row => row.Id).SingleAsync();
            await new Stripe.SubscriptionService(world.Stripe).CancelAsync(subscription);
            await org.EventuallyAsync("plan", "free");

            var erased = await ops.PostAsync($"/orgs/{org.Id}/erase", Because);

            Assert.Equal(200, erased.Status);
            var anonymous = erased["org"]!;
            Assert.Matches("^erased-[0-9a-f]{32}$", anonymous);
            Assert.Equal(before, await owner.CreditEntries.CountAsync(entry => entry.OrgId == anonymous));
            Assert.Equal(anonymous, await owner.PaidPeriods.Where(row => row.SubscriptionId == subscription).Select(row => row.OrgId).SingleAsync());
            Assert.True((await world.Service<LedgerProbe>().CheckAsync(anonymous, CancellationToken.None))!.IsClean);
            Assert.Equal(404, (await ops.GetAsync($"/orgs/{org.Id}")).Status);
            Assert.Equal(401, (await Eventually.Async(org.StatusAsync, answer => answer.Status == 401, "its key works no more")).Status);
            Assert.Empty(await EverythingAboutAsync(owner, org.Id, "Ada Lovelace", "ada@lovelace.example"));
            Assert.Equal("erase_org", Assert.Single(await ops.AuditAsync(anonymous)).Action);

            // The SaaS may use the id again: that is another org.
            var again = await TestOrg.CreateAsync(world, org.Id);
            Assert.Equal(("free", "0"), ((await again.StatusAsync())["plan"], (await again.CreditsAsync())["balance"]));
        }
        finally
        {
            await ExecuteAsync(owner, $"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task Erase_WhileSomebodyMayPay_IsRefused()
    {
        var (org, ops) = (await TestOrg.CreateAsync(fixture.World), new OpsClient(fixture.World));
        await org.CheckoutAsync(new { plan = "pro" });

        Assert.Equal("checkout_open", (await ops.PostAsync($"/orgs/{org.Id}/erase", Because))["error.details.reason"]);
        Assert.Equal(200, (await ops.GetAsync($"/orgs/{org.Id}")).Status);
    }

    [Fact]
    public async Task Erase_WhileAnEventOfItIsParked_IsRefused_ThoughNobodyKnowsYetWhoseItIs()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var (org, ops) = (await TestOrg.CreateAsync(world), new OpsClient(world));
        var subscription = await org.SubscribeByHandAsync();
        await new Stripe.SubscriptionService(world.Stripe).CancelAsync(subscription["id"]!.ToString());
        foreach (var e in await world.Events.OfCustomerAsync(subscription["customer"]!.ToString()))
        {
            await world.Events.DeliverAsync(e);
        }
        await org.EventuallyAsync("plan", "free");
        var broken = subscription.DeepClone();
        broken["items"] = "unreadable";
        await world.Events.DeliverAsync(EventsByHand.Event("customer.subscription.updated", broken, world.Sandbox.Clock.GetUtcNow().AddSeconds(10)));

        await using var db = world.OpenDb();
        Assert.Equal("events_parked", (await ops.PostAsync($"/orgs/{org.Id}/erase", Because))["error.details.reason"]);
        await db.StripeEvents.Where(e => e.Outcome == EventOutcome.Parked).ExecuteDeleteAsync();
        Assert.Equal(200, (await ops.PostAsync($"/orgs/{org.Id}/erase", Because)).Status);
    }

    [Fact]
    public async Task CustomerDeletedAtStripe_OfNoOrgAnyMore_IsStoredWithoutItsBody()
    {
        var customer = new JsonObject { ["id"] = "cus_" + Guid.NewGuid().ToString("N"), ["object"] = "customer", ["deleted"] = true, ["email"] = "ada@example.com" };
        var e = EventsByHand.Event("customer.deleted", customer, DateTimeOffset.UtcNow);
        Assert.Equal(200, (await fixture.World.Events.DeliverAsync(e)).Status);

        await using var db = fixture.World.OpenDb();
        var row = await db.StripeEvents.SingleAsync(row => row.Id == e["id"]!.ToString());
        Assert.Equal((EventOutcome.Ignored, 0), (row.Outcome, row.Payload.Length));
    }

    [Fact]
    public async Task EraseCommand_WithoutYes_DoesNothing()
    {
        var (org, ops) = (await TestOrg.CreateAsync(fixture.World), new OpsClient(fixture.World));

        var (code, json, error) = await ops.RunAsync("orgs", "erase", org.Id, "--reason", "asked us to");

        Assert.Equal((1, null), (code, json));
        Assert.Contains("--yes", error);
        Assert.Equal(200, (await ops.GetAsync($"/orgs/{org.Id}")).Status);
        Assert.Equal(0, (await ops.RunAsync("orgs", "erase", org.Id, "--reason", "asked us to", "--yes")).Code);
        Assert.Equal(404, (await ops.GetAsync($"/orgs/{org.Id}")).Status);
    }

    [Fact]
    public async Task Erase_WithAHold_IsRefusedUntilTheHoldHasRunOut()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var (org, ops) = (await TestOrg.CreateAsync(world), new OpsClient(world));
        await ops.PostAsync($"/orgs/{org.Id}/credits/grant", new { amount = 10, reason = "start" });
        var service = await world.CreateKeyAsync(Authentication.Role.Service);
        Assert.Equal(200, (await world.SendAsync(HttpMethod.Post, "/v1/billing/credits/holds", service, """{"amount":5,"expires_in":60}""", org.Id)).Status);

        Assert.Equal("credits_held", (await ops.PostAsync($"/orgs/{org.Id}/erase", Because))["error.details.reason"]);
        await world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(61), CancellationToken.None);

        Assert.Equal(200, (await ops.PostAsync($"/orgs/{org.Id}/erase", Because)).Status);
    }

    /// <summary>Tables that still say any of these words, but the audit, which is never changed.</summary>
    private static async Task<List<string>> EverythingAboutAsync(Persistence.BillingDb db, params string[] words)
    {
        var tables = await db.Database.SqlQuery<string>(
            $"SELECT tablename::text AS \"Value\" FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'audit'").ToListAsync();
        var found = new List<string>();
        foreach (var table in tables)
        {
            foreach (var word in words)
            {
                var hex = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(word)); // as bodies are shown
                var sql = $"SELECT count(*) AS \"Value\" FROM \"{table}\" t WHERE position({{0}} IN t::text) > 0 OR position({{1}} IN t::text) > 0";
                var rows = await db.Database.SqlQueryRaw<long>(sql, word, hex).SingleAsync();
                if (rows > 0)
                {
                    found.Add($"{table}: {rows} rows with {word}");
                }
            }
        }
        return found;
    }

    private static Task<int> ExecuteAsync(Persistence.BillingDb db, string sql) => db.Database.ExecuteSqlRawAsync(sql);
}
