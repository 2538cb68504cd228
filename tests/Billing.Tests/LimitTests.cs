using System.Globalization;
using Billing.Authentication;
using Billing.Tests.World;
using Billing.Tokens;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>How often callers may call, with the limits that a host has unless configured otherwise, on a clock of its own.</summary>
public sealed class LimitTests(BillingFixture fixture) : IAsyncLifetime
{
    private static readonly RateLimitOptions Defaults = new();

    private BillingWorld _world = null!;
    private TestOrg _org = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await fixture.StartWorldAsync(deliver: false, new Dictionary<string, string?>
        {
            ["Billing:RateLimits:Reads"] = $"{Defaults.Reads}",
            ["Billing:RateLimits:Writes"] = $"{Defaults.Writes}",
            ["Billing:RateLimits:Service"] = $"{Defaults.Service}",
            ["Billing:RateLimits:BadCredentials"] = $"{Defaults.BadCredentials}",
        });
        _org = await TestOrg.CreateAsync(_world);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task OrgKey_ReadsAndWrites_AreLimitedApartPerMinute()
    {
        Assert.Equal((60, 20, 6000, 60), (Defaults.Reads, Defaults.Writes, Defaults.Service, Defaults.BadCredentials));
        await AssertLimitAsync(Defaults.Reads, () => GetAsync(_org.OwnerKey), 200);
        await AssertLimitAsync(Defaults.Writes, () => PostAsync(_org.OwnerKey), 400);

        // Others are not concerned: another key of the org, another host, a health check, and a service key beyond these limits.
        Assert.Equal(200, (await GetAsync(await _world.CreateKeyAsync(Role.Owner, _org.Id))).Status);
        Assert.Equal(200, (await GetAsync(_org.OwnerKey, host: await _world.StartSecondHostAsync())).Status);
        Assert.Equal(200, (await _world.SendAsync(HttpMethod.Get, "/health/live", _org.OwnerKey)).Status);
        var service = await _world.CreateKeyAsync(Role.Service);
        for (var i = 0; i <= Defaults.Reads; i++)
        {
            Assert.Equal(200, (await GetAsync(service, _org.Id)).Status);
        }
    }

    [Fact]
    public async Task RetryAfter_Waited_LetsTheNextOneIn()
    {
        await AssertLimitAsync(Defaults.Writes, () => PostAsync(_org.OwnerKey), 400);
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(20));
        var refused = await PostAsync(_org.OwnerKey);
        Assert.Equal(429, refused.Status);
        Assert.InRange(RetryAfter(refused), 1, 40);

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(RetryAfter(refused)));
        Assert.Equal(400, (await PostAsync(_org.OwnerKey)).Status);
    }

    [Fact]
    public async Task Tokens_OfOneOrgAndRole_ShareALimit()
    {
        var service = await _world.CreateKeyAsync(Role.Service);
        async Task<ApiAnswer> WithFreshTokenAsync(string role)
        {
            var minted = await _world.SendAsync(
                HttpMethod.Post, "/v1/billing/tokens", service, $$"""{"org":"{{_org.Id}}","role":"{{role}}"}""");
            return await PostAsync(minted["token"]!);
        }

        await AssertLimitAsync(Defaults.Writes, () => WithFreshTokenAsync("owner"), 400);

        Assert.Equal(403, (await WithFreshTokenAsync("member")).Status);
        Assert.Equal(400, (await PostAsync(_org.OwnerKey)).Status);
    }

    [Fact]
    public async Task WrongKeys_OfOneAddress_AreLimited_AndStopNobodyWhoIsKnown()
    {
        var service = await _world.CreateKeyAsync(Role.Service);
        var minted = await _world.SendAsync(HttpMethod.Post, "/v1/billing/tokens", service, $$"""{"org":"{{_org.Id}}","role":"member"}""");
        Assert.Equal(200, (await GetAsync(_org.OwnerKey)).Status);
        var guessed = await _world.CreateKeyAsync(Role.Operator);

        await AssertLimitAsync(Defaults.BadCredentials, () => GetAsync(KeyMaterial.NewKey(livemode: false)), 401);

        // Not even a lucky guess is looked up.
        Assert.Equal(429, (await GetAsync(guessed)).Status);
        // Past the time for which the host takes the key without asking the database.
        await _world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(200, (await GetAsync(_org.OwnerKey)).Status);
        Assert.Equal(200, (await GetAsync(minted["token"]!)).Status);
        Assert.Equal(401, (await _world.SendAsync(HttpMethod.Get, "/v1/billing/status")).Status);
        Assert.Equal(200, (await _world.SendAsync(HttpMethod.Get, "/health/live", KeyMaterial.NewKey(livemode: false))).Status);

        await _world.Sandbox.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(200, (await GetAsync(guessed, _org.Id)).Status);
    }

    [Fact]
    public async Task GoodKeys_NeverSeenBefore_AreNotCountedAsWrong()
    {
        for (var i = 0; i <= Defaults.BadCredentials; i++)
        {
            Assert.Equal(200, (await GetAsync(await _world.CreateKeyAsync(Role.Member, _org.Id))).Status);
        }
    }

    [Fact]
    public async Task ExpiredTokensAndJunk_FromOneAddress_LockNobodyOut()
    {
        var expired = _world.Service<TokenSigner>().Sign(_org.Id, Role.Owner, _world.Sandbox.Clock.GetUtcNow().AddMinutes(-1));
        for (var i = 0; i <= Defaults.BadCredentials; i++)
        {
            Assert.Equal(401, (await GetAsync(expired)).Status);
            Assert.Equal(401, (await GetAsync("no-key-" + i)).Status);
        }

        Assert.Equal(200, (await GetAsync(await _world.CreateKeyAsync(Role.Service), _org.Id)).Status);
        Assert.Equal(401, (await GetAsync(expired)).Status);
    }

    [Fact]
    public async Task GoodKey_NeverSeenBefore_InABurst_IsLookedUpOnceAndRefusedToNobody()
    {
        var service = await _world.CreateKeyAsync(Role.Service);
        await using var blocker = _world.OpenDb();
        await using var transaction = await blocker.Database.BeginTransactionAsync();
        await blocker.Database.ExecuteSqlAsync($"LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE");

        var burst = Enumerable.Range(0, Defaults.BadCredentials + 20).Select(_ => GetAsync(service, _org.Id)).ToList();
        await Eventually.Async(LookupsAsync, waiting => waiting > 0, "a lookup waits for the lock");
        var first = await Task.WhenAny(Task.WhenAny(burst), Task.Delay(TimeSpan.FromSeconds(1))); // an early answer would be a refusal
        Assert.False(first is Task<Task<ApiAnswer>>, "A request was answered without a lookup.");
        Assert.Equal(1, await LookupsAsync());
        await transaction.RollbackAsync();

        Assert.All(await Task.WhenAll(burst), answer => Assert.Equal(200, answer.Status));
    }

    private async Task<int> LookupsAsync()
    {
        await using var db = _world.OpenDb();
        return await db.Database.SqlQuery<int>(
            $"""
            SELECT count(*)::int AS "Value" FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM api_keys%'
            """).SingleAsync();
    }

    /// <summary>Just as many as the limit are answered with the status, and one more is refused.</summary>
    private static async Task AssertLimitAsync(int limit, Func<Task<ApiAnswer>> send, int status)
    {
        for (var i = 0; i < limit; i++)
        {
            Assert.Equal(status, (await send()).Status);
        }
        var refused = await send();
        Assert.Equal((429, "RATE_LIMIT"), (refused.Status, refused["error.code"]));
        Assert.InRange(RetryAfter(refused), 1, 60);
    }

    private static int RetryAfter(ApiAnswer answer) =>
        int.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);

    private Task<ApiAnswer> GetAsync(string key, string? org = null, Uri? host = null) =>
        _world.SendAsync(HttpMethod.Get, "/v1/billing/status", key, org: org, host: host);

    private Task<ApiAnswer> PostAsync(string key) => _world.SendAsync(HttpMethod.Post, "/v1/billing/checkout", key);
}
