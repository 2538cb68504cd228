using System.Net;
using System.Text.Json.Nodes;
using StripeSandbox.Faults;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Faults;

public sealed class CallFaultTests
{
    [Fact]
    public async Task Call_ErrorOfOneOperation_FailsThatManyTimesAndNoOther()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var customer = await api.PostAsync("/v1/customers");
        var fault = sandbox.Host.Faults.Add(new CallFault(CallFaultKind.Error) { Operation = "GET /v1/customers/{id}", Status = 503, Count = 2 });

        await api.GetAsync("/v1/customers");
        var answers = new[] { await GetAsync(api, customer), await GetAsync(api, customer), await GetAsync(api, customer) };

        Assert.Equal([503, 503, 200], answers.Select(answer => (int)answer.Status));
        Assert.Equal("api_error", answers[0].Error.Text("type"));
        Assert.StartsWith("req_", answers[0].Header("Request-Id"), StringComparison.Ordinal);
        Assert.Equal((2, 2), (fault.Fitted, fault.Struck));
    }

    [Theory]
    [InlineData("POST /v1/customers", true)]
    [InlineData("post /v1/*", true)]
    [InlineData("* /v1/customers", true)]
    [InlineData("*", true)]
    [InlineData("GET /v1/customers", false)]
    [InlineData("POST /v1/customers/{id}", false)]
    public async Task Call_Operation_FitsAsWritten(string operation, bool fits)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        sandbox.Host.Faults.Add(new CallFault(CallFaultKind.Error) { Operation = operation });

        Assert.Equal(fits ? 500 : 200, (int)(await sandbox.NewAccount().SendAsync(HttpMethod.Post, "/v1/customers")).Status);
    }

    [Fact]
    public async Task Call_OfOneObject_SparesOthers()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var (first, second) = (await api.PostAsync("/v1/customers"), await api.PostAsync("/v1/customers"));
        sandbox.Host.Faults.Add(new CallFault(CallFaultKind.Error) { Operation = $"GET /v1/customers/{first.Id()}" });

        Assert.Equal((500, 200), ((int)(await GetAsync(api, first)).Status, (int)(await GetAsync(api, second)).Status));
    }

    [Fact]
    public async Task Call_RateLimitAndLockTimeout_Are429sInStripesShape()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        sandbox.Host.Faults.Add(new CallFault(CallFaultKind.RateLimit) { Count = 1, RetryAfter = 7, ShouldRetry = true });
        sandbox.Host.Faults.Add(new CallFault(CallFaultKind.LockTimeout) { Count = 1 });

        var limited = await api.RefusedAsync(429, "/v1/customers");
        var locked = await api.RefusedAsync(429, "/v1/customers");

        Assert.Equal(("rate_limit", "7", "true"), (limited.Error.Text("code"), limited.Header("Retry-After"), limited.Header("Stripe-Should-Retry")));
        Assert.Equal(("lock_timeout", null), (locked.Error.Text("code"), locked.Header("Retry-After")));
        Assert.Empty((await api.GetAsync("/v1/customers")).Data());
    }

    [Theory]
    [InlineData(CallFaultKind.Drop, false)]
    [InlineData(CallFaultKind.Drop, true)]
    [InlineData(CallFaultKind.Error, true)]
    public async Task Call_WhoseAnswerIsLost_IsCarriedOutOnceOrNotAtAll(CallFaultKind kind, bool afterCommit)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        sandbox.Host.Faults.Add(new CallFault(kind) { Operation = "POST /v1/customers", Count = 1, AfterCommit = afterCommit });
        (string, string)[] form = [("name", "Jo")];

        if (kind == CallFaultKind.Drop)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => api.SendAsync(HttpMethod.Post, "/v1/customers", form, "once"));
        }
        else
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await api.SendAsync(HttpMethod.Post, "/v1/customers", form, "once")).Status);
        }

        var carriedOut = (await api.GetAsync("/v1/customers")).Data().Length;
        var retried = await api.SendAsync(HttpMethod.Post, "/v1/customers", form, "once");

        Assert.Equal(afterCommit ? 1 : 0, carriedOut);
        Assert.Equal(afterCommit ? "true" : null, retried.Header("Idempotent-Replayed"));
        Assert.Single((await api.GetAsync("/v1/customers")).Data());
    }

    [Fact]
    public async Task Call_DroppedOnAReusedConnection_IsNoticedByTheCaller()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        await api.GetAsync("/v1/customers");
        var fault = sandbox.Host.Faults.Add(new CallFault(CallFaultKind.Drop) { Count = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => api.GetAsync("/v1/customers"));

        Assert.Equal(1, fault.Struck);
        await api.GetAsync("/v1/customers");
    }

    [Fact]
    public async Task Call_RefusedAndThenLost_IsLost()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        sandbox.Host.Faults.Add(new CallFault(CallFaultKind.Drop) { Count = 1, AfterCommit = true });

        await Assert.ThrowsAsync<HttpRequestException>(() => api.SendAsync(HttpMethod.Get, "/v1/customers/cus_none"));
    }

    [Fact]
    public async Task Call_Slow_IsAnsweredInTheEnd()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        sandbox.Host.Faults.Add(new CallFault(CallFaultKind.Slow) { Wait = TimeSpan.FromMilliseconds(40), Count = 1 });

        var started = TimeProvider.System.GetTimestamp();
        await api.GetAsync("/v1/customers");

        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(35));
    }

    [Fact]
    public async Task Call_TimingOut_HoldsTheConnectionThenDropsIt()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        sandbox.Host.Faults.Add(new CallFault(CallFaultKind.Timeout) { Wait = TimeSpan.FromMilliseconds(40), Count = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => api.SendAsync(HttpMethod.Post, "/v1/customers", [("name", "Jo")]));

        Assert.Empty((await api.GetAsync("/v1/customers")).Data());
    }

    [Fact]
    public async Task Call_HeldWhenTheSandboxStops_DoesNotHoldItUp()
    {
        var sandbox = await TestSandbox.StartAsync();
        var fault = sandbox.Host.Faults.Add(new CallFault(CallFaultKind.Timeout) { Wait = TimeSpan.FromMinutes(5) });
        var held = sandbox.NewAccount().SendAsync(HttpMethod.Post, "/v1/customers", [("name", "Jo")]);
        await Eventually.HoldsAsync(() => fault.Struck == 1, "the call was held");

        var stopping = TimeProvider.System.GetTimestamp();
        await sandbox.Host.DisposeAsync();

        Assert.True(TimeProvider.System.GetElapsedTime(stopping) < TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<HttpRequestException>(() => held);
    }

    [Fact]
    public async Task Call_WithAProbability_MeetsTheSameFateForTheSameSeed()
    {
        var runs = new List<string>();
        foreach (var seed in (int[])[7, 7, 8])
        {
            await using var sandbox = await TestSandbox.StartAsync();
            var api = sandbox.NewAccount();
            sandbox.Host.Faults.Add(new CallFault(CallFaultKind.Error) { Probability = 0.3, Seed = seed });
            var answers = "";
            for (var i = 0; i < 100; i++)
            {
                answers += (await api.SendAsync(HttpMethod.Get, "/v1/customers")).Status == HttpStatusCode.OK ? '.' : 'x';
            }

            runs.Add(answers);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        Assert.All(runs, run => Assert.InRange(run.Count(fate => fate == 'x'), 15, 45));
    }

    private static Task<Answer> GetAsync(Api api, JsonObject customer) => api.SendAsync(HttpMethod.Get, $"/v1/customers/{customer.Id()}");
}
