using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Idempotency;

/// <summary>One session per key, whoever dies, whatever fails and however many ask at once.</summary>
public sealed class FaultTests(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private readonly BillingWorld _world = hosts.World;

    [Fact]
    public async Task Duplicate_WhileTheFirstRuns_IsToldToComeBack()
    {
        var (_, calls, key) = await NewOrgAsync();
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        hosts.Stripe.Intercept = async call =>
        {
            if (TwoHosts.MakesASession(call))
            {
                reached.TrySetResult();
                await goOn.Task;
            }
            return false;
        };

        var running = calls.CheckoutAsync(key, new { plan = "pro" }, hosts.Second);
        await Task.WhenAny(reached.Task, running);
        var duplicate = await calls.CheckoutAsync(key, new { plan = "pro" });
        var another = await calls.CheckoutAsync(key, new { plan = "team" });
        goOn.SetResult();
        var first = await running;

        Assert.True(duplicate.IsInProgress);
        Assert.Equal(422, another.Status);
        Assert.Equal((200, false), (first.Status, first.IsReplay));
        (await calls.CheckoutAsync(key, new { plan = "pro" })).AssertReplays(first);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Checkouts_100AtOnceOnTwoHosts_MakeOneSession(bool withOneKey)
    {
        hosts.Stripe.Intercept = _ => Task.FromResult(false);
        var (org, calls, key) = await NewOrgAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var tries = new List<KeyedAnswer>();
            do
            {
                await Task.Delay(tries.Count == 0 ? 0 : 200);
                tries.Add(await calls.CheckoutAsync(withOneKey ? key : null, new { plan = "pro" }, i % 2 == 0 ? hosts.First : hosts.Second));
            }
            while (tries[^1].IsInProgress || tries[^1].Status == 503); // as Retry-After asks for
            return tries[^1];
        }));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        var session = Assert.Single(answers.Select(answer => answer["session_id"]).Distinct());
        Assert.Equal([session!], await hosts.SessionsAsync(org));
        if (withOneKey)
        {
            var first = Assert.Single(answers, answer => !answer.IsReplay);
            Assert.All(answers.Where(answer => answer != first), answer => answer.AssertReplays(first));
        }
    }

    [Fact]
    public async Task Host_KilledBetweenStripesAnswerAndItsOwnCommit_IsSucceededWithoutASecondSession()
    {
        var (org, calls, key) = await NewOrgAsync();
        var settings = TestConfiguration.Create(_world.ConnectionString, _world.Sandbox.Url, BillingWorld.TestSecret);
        using var host = await ServedProcess.StartAsync(settings.Concat(hosts.Stripe.Settings)
            .GroupBy(setting => setting.Key).ToDictionary(same => same.Key, same => same.Last().Value));
        hosts.Stripe.Intercept = async call =>
        {
            if (!TwoHosts.MakesASession(call))
            {
                return false;
            }
            await hosts.PassOnAsync(call);
            await host.KillAsync();
            return true;
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => calls.CheckoutAsync(key, new { plan = "pro" }, host.Url));
        var made = Assert.Single(await hosts.SessionsAsync(org));

        // Until its lease is over nobody knows that it is dead.
        Assert.True((await calls.CheckoutAsync(key, new { plan = "pro" })).IsInProgress);
        await EndLeasesAsync(org);
        var retry = await calls.CheckoutAsync(key, new { plan = "pro" });

        Assert.Equal((200, made), (retry.Status, retry["session_id"]));
        Assert.Single(await hosts.SessionsAsync(org));
        Assert.NotNull(await org.PayAsync(retry["url"]!));
    }

    [Theory]
    [InlineData("500", false)]
    [InlineData("500", true)]
    [InlineData("timeout", true)]
    public async Task Stripe_FailsOnce_DoesNotCondemnTheKey(string failure, bool sessionWasMade)
    {
        var (org, calls, key) = await NewOrgAsync();
        var impatient = await _world.StartSecondHostAsync(new Dictionary<string, string?>(hosts.Stripe.Settings) { ["Stripe:Timeout"] = "00:00:01" });
        hosts.Stripe.Intercept = async call =>
        {
            if (!TwoHosts.MakesASession(call))
            {
                return false;
            }
            if (sessionWasMade)
            {
                await hosts.PassOnAsync(call);
            }
            if (failure == "500")
            {
                return await FaultyStripe.AnswerAsync(call, 500, "api_error");
            }
            await Task.Delay(Timeout.Infinite, call.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        Assert.Equal(503, (await calls.CheckoutAsync(key, new { plan = "pro" }, impatient)).Status);

        hosts.Stripe.Intercept = _ => Task.FromResult(false);
        var retry = await calls.CheckoutAsync(key, new { plan = "pro" });

        Assert.Equal((200, false), (retry.Status, retry.IsReplay));
        Assert.Equal([retry["session_id"]!], await hosts.SessionsAsync(org));
        (await calls.CheckoutAsync(key, new { plan = "pro" }, hosts.Second)).AssertReplays(retry);
    }

    [Fact]
    public async Task Answer_ThatCannotBeStored_IsUnavailable_AndTheRetryGetsTheSameSession()
    {
        var (org, calls, key) = await NewOrgAsync();
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlRawAsync(
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'shutting down' USING ERRCODE = '57P01'; END $$;
            CREATE TRIGGER fail BEFORE UPDATE ON idempotency_keys FOR EACH ROW WHEN (NEW.status IS NOT NULL) EXECUTE FUNCTION fail();
            """);
        var unstored = await calls.CheckoutAsync(key, new { plan = "pro" });
        await db.Database.ExecuteSqlRawAsync("DROP FUNCTION fail CASCADE");

        var retry = await calls.CheckoutAsync(key, new { plan = "pro" });

        Assert.Equal((503, "UNAVAILABLE"), (unstored.Status, unstored["error.code"]));
        Assert.Equal((200, false), (retry.Status, retry.IsReplay));
        Assert.Equal([retry["session_id"]!], await hosts.SessionsAsync(org));
    }

    private async Task<(TestOrg Org, KeyedClient Calls, string Key)> NewOrgAsync()
    {
        var org = await TestOrg.CreateAsync(_world);
        return (org, new KeyedClient(_world, org), KeyedClient.NewKey());
    }

    /// <summary>As time would.</summary>
    private async Task EndLeasesAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        await db.Database.ExecuteSqlAsync($"UPDATE orgs SET lease_until = clock_timestamp() - interval '1 s' WHERE id = {org.Id}");
        await db.Database.ExecuteSqlAsync($"UPDATE idempotency_keys SET lease_until = clock_timestamp() - interval '1 s' WHERE org_id = {org.Id}");
    }
}
