using System.Net;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Protocol;

public sealed class IdempotencyTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    private static readonly (string, string)[] Form = [("email", "a@example.com"), ("metadata[x]", "1")];

    [Fact]
    public async Task Key_UsedAgain_ReplaysTheFirstAnswer()
    {
        var api = shared.NewAccount();
        var first = await api.SendAsync(HttpMethod.Post, "/v1/customers", Form, "k");
        var second = await api.SendAsync(HttpMethod.Post, "/v1/customers", [.. Form.Reverse()], "k");

        Assert.Equal(first.Body, second.Body);
        Assert.Null(first.Header("Idempotent-Replayed"));
        Assert.Equal("true", second.Header("Idempotent-Replayed"));
        Assert.Equal(first.Header("Request-Id"), second.Header("Original-Request"));
        Assert.Equal("k", second.Header("Idempotency-Key"));
        Assert.Single((await api.GetAsync("/v1/customers")).Data());
        Assert.Equal("k", (await api.EventsAsync())[0]["request"]!.Text("idempotency_key"));
    }

    [Fact]
    public async Task Key_OtherParametersOrEndpoint_IsAnIdempotencyError()
    {
        var api = shared.NewAccount();
        await api.SendAsync(HttpMethod.Post, "/v1/customers", Form, "k");

        var parameters = await api.SendAsync(HttpMethod.Post, "/v1/customers", [("email", "b@example.com")], "k");
        var endpoint = await api.SendAsync(HttpMethod.Post, "/v1/products", [("name", "x")], "k");

        Assert.Equal(400, (int)parameters.Status);
        Assert.Equal("idempotency_error", parameters.Error.Text("type"));
        Assert.Equal("idempotency_error", endpoint.Error.Text("type"));
        Assert.Contains("('/v1/products' vs '/v1/customers')", endpoint.Error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_OfAFailedCheck_IsFree()
    {
        var api = shared.NewAccount();
        await api.SendAsync(HttpMethod.Post, "/v1/customers", [("emial", "a@example.com")], "k");

        (await api.SendAsync(HttpMethod.Post, "/v1/customers", Form, "k")).Ok();
    }

    [Fact]
    public async Task Key_OfARefusal_ReplaysTheRefusal()
    {
        var api = shared.NewAccount();
        var session = await api.SessionAsync();
        await api.PostAsync($"/v1/checkout/sessions/{session.Id()}/expire");

        var first = await api.SendAsync(HttpMethod.Post, $"/v1/checkout/sessions/{session.Id()}/expire", null, "k");
        var second = await api.SendAsync(HttpMethod.Post, $"/v1/checkout/sessions/{session.Id()}/expire", null, "k");

        Assert.Equal((HttpStatusCode.BadRequest, first.Body), (second.Status, second.Body));
        Assert.Equal("true", second.Header("Idempotent-Replayed"));
    }

    [Fact]
    public async Task Key_SentManyTimesAtOnce_CreatesOne()
    {
        var api = shared.NewAccount();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => api.SendAsync(HttpMethod.Post, "/v1/customers", Form, "k")));

        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict));
        Assert.All(answers.Where(answer => answer.Status == HttpStatusCode.Conflict), answer => Assert.Equal("idempotency_key_in_use", answer.Error.Text("code")));
        Assert.Single(answers.Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.Body).Distinct());
        Assert.Single((await api.GetAsync("/v1/customers")).Data());
    }

    [Fact]
    public void Key_ClaimedWhileItsRequestRuns_Is409()
    {
        var keys = new StripeSandbox.Protocol.Idempotency();
        using (keys.Claim("acct_1", "k"))
        {
            using var sameKeyElsewhere = keys.Claim("acct_2", "k");
            var refusal = Assert.Throws<StripeSandbox.Protocol.StripeError>(() => keys.Claim("acct_1", "k"));
            Assert.Equal((409, "idempotency_key_in_use"), (refusal.Status, refusal.Code));
        }
        keys.Claim("acct_1", "k").Dispose();
    }

    [Fact]
    public async Task Key_AfterADay_IsNew()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var first = (await api.SendAsync(HttpMethod.Post, "/v1/customers", Form, "k")).Ok();
        await sandbox.AdvanceAsync(TimeSpan.FromHours(23));
        Assert.Equal(first.Id(), (await api.SendAsync(HttpMethod.Post, "/v1/customers", Form, "k")).Ok().Id());
        await sandbox.AdvanceAsync(TimeSpan.FromHours(1));

        var second = (await api.SendAsync(HttpMethod.Post, "/v1/customers", Form, "k")).Ok();
        Assert.NotEqual(first.Id(), second.Id());
        Assert.Equal(second.Id(), (await api.SendAsync(HttpMethod.Post, "/v1/customers", Form, "k")).Ok().Id());
    }
}
