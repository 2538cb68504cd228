using Billing.Authentication;
using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>What the hot paths cost, counted on the wire to PostgreSQL.</summary>
public sealed class RoundTripTests(BillingFixture fixture) : IAsyncLifetime
{
    private CountingProxy _proxy = null!;
    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _proxy = new CountingProxy(await fixture.CreateDatabaseAsync());
        _world = await BillingWorld.StartAsync(_proxy.ConnectionString, deliver: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _proxy.Dispose();
    }

    [Fact]
    public async Task Debit_IsOneTransactionOfThreeRoundTrips()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.ActivateAsync(await org.BuyCreditsAsync());
        var service = await _world.CreateKeyAsync(Role.Service);

        foreach (var reason in new[] { "the-first", "the-second" }) // the first one also reads a key that no cache knows
        {
            using var client = _world.Client(service);
            client.DefaultRequestHeaders.Add("Billing-Org", org.Id);
            client.DefaultRequestHeaders.Add("Idempotency-Key", "key of " + reason);
            using var json = new StringContent($$"""{"amount":1,"reason":"{{reason}}"}""", System.Text.Encoding.UTF8, "application/json");
            Assert.True((await client.PostAsync("/v1/billing/credits/debit", json)).IsSuccessStatusCode);

            Assert.Equal([3], _proxy.RoundTrips(reason));
        }
    }

    [Fact]
    public async Task StatusAndCredits_AreOneRoundTripEach()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.StatusAsync();
        await org.CreditsAsync();
        var before = _proxy.RoundTrips(org.Id).Count;

        await org.StatusAsync();
        await org.CreditsAsync();

        Assert.Equal([1, 1], _proxy.RoundTrips(org.Id).Skip(before));
    }

    [Fact]
    public async Task StatusAndCredits_OfAServiceOrABrowser_AreOneRoundTripEach()
    {
        var org = await TestOrg.CreateAsync(_world);
        var service = await _world.CreateKeyAsync(Role.Service);
        var token = (await _world.SendAsync(HttpMethod.Post, "/v1/billing/tokens", service, $$"""{"org":"{{org.Id}}","role":"member"}"""))["token"];
        foreach (var (key, named) in new[] { (service, org.Id), (token, null) })
        {
            await _world.SendAsync(HttpMethod.Get, "/v1/billing/status", key, org: named);
            var before = _proxy.RoundTrips(org.Id).Count;

            Assert.Equal(200, (await _world.SendAsync(HttpMethod.Get, "/v1/billing/status", key, org: named)).Status);
            Assert.Equal(200, (await _world.SendAsync(HttpMethod.Get, "/v1/billing/credits", key, org: named)).Status);

            Assert.Equal([1, 1], _proxy.RoundTrips(org.Id).Skip(before));
        }
    }

    [Fact]
    public async Task Status_OfManyOrgsAtOnce_IsReadTogether_AndIsEachOnesOwn()
    {
        var service = await _world.CreateKeyAsync(Role.Service);
        var ops = new Operations.OpsClient(_world);
        var orgs = new List<(TestOrg Org, int Credits)>();
        foreach (var credits in Enumerable.Range(1, 20))
        {
            var org = await TestOrg.CreateAsync(_world);
            await ops.PostAsync($"/orgs/{org.Id}/credits/grant", new { amount = credits, reason = "test" });
            await _world.SendAsync(HttpMethod.Post, "/v1/billing/credits/holds", service, """{"amount":1,"expires_in":60}""", org: org.Id);
            orgs.Add((org, credits));
        }
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(2)); // the holds are due, which a read works out

        var wanted = orgs.SelectMany(one => Enumerable.Repeat(one, 10)).ToList();
        var answers = await Task.WhenAll(wanted.Select(one => _world.SendAsync(HttpMethod.Get, "/v1/billing/status", service, org: one.Org.Id)));

        Assert.Equal(wanted.Select(one => $"{one.Credits}"), answers.Select(answer => answer["credits"]));
        Assert.Equal(404, (await _world.SendAsync(HttpMethod.Get, "/v1/billing/status", service, org: "nobody")).Status);
    }

    [Fact]
    public async Task SubscriptionEvent_ThatArrivesAlone_IsOneTransactionOfTwoRoundTrips()
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        subscription["cancel_at_period_end"] = true;
        var e = EventsByHand.Event("customer.subscription.updated", subscription, _world.Sandbox.Clock.GetUtcNow().AddSeconds(5));

        Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);

        Assert.Equal([2], _proxy.RoundTrips(e["id"]!.ToString()));
        Assert.Equal("true", (await org.StatusAsync())["cancel_at_period_end"]);
    }
}
