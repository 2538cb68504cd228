using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Protocol;

public sealed class ProtocolTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer sk_live_abcdefgh")]
    [InlineData("Bearer pk_test_abcdefgh")]
    [InlineData("Bearer nonsense")]
    [InlineData("Bearer ")]
    [InlineData("Basic ?")]
    public async Task Request_WithoutASecretTestKey_Is401(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/customers");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await shared.Sandbox.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Basic realm=\"Stripe\"", response.Headers.WwwAuthenticate.ToString());
        Assert.StartsWith("req_", response.Headers.GetValues("Request-Id").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BasicKey_IsTheSameAccountAsBearer()
    {
        var api = shared.NewAccount();
        var customer = await api.PostAsync("/v1/customers");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/customers/{customer.Id()}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(api.Key + ":")));
        using var response = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(404, (int)(await shared.NewAccount().SendAsync(HttpMethod.Get, $"/v1/customers/{customer.Id()}")).Status);
    }

    [Fact]
    public async Task Answer_Always_IsIndentedJsonWithItsVersionAndId()
    {
        var answer = await shared.NewAccount().SendAsync(HttpMethod.Post, "/v1/customers", [("email", "a@example.com")]);

        Assert.StartsWith("{\n  \"id\": \"cus_", answer.Body, StringComparison.Ordinal);
        Assert.Equal("2026-07-29.dahlia", answer.Header("Stripe-Version"));
        Assert.StartsWith("req_", answer.Header("Request-Id"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-06-24.dahlia", 200)]
    [InlineData("2020-08-27", 200)]
    [InlineData("latest", 400)]
    public async Task Version_WellFormed_IsEchoed(string version, int status)
    {
        var api = shared.NewAccount();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/customers");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", api.Key);
        request.Headers.Add("Stripe-Version", version);
        using var response = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 200)
        {
            Assert.Equal(version, response.Headers.GetValues("Stripe-Version").Single());
        }
    }

    [Theory]
    [InlineData("/v1/foo")]
    [InlineData("/v1/tax_rates")]
    [InlineData("/v1/customers/cus_1/nothing")]
    public async Task Path_NotEmulated_IsAnUnrecognizedUrl(string path)
    {
        var answer = await shared.NewAccount().SendAsync(HttpMethod.Get, path);

        Assert.Equal(404, (int)answer.Status);
        Assert.StartsWith($"Unrecognized request URL (GET: {path}).", answer.Error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_OfJson_IsRefusedWithTheReason()
    {
        var api = shared.NewAccount();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/customers") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", api.Key);
        using var response = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("application/x-www-form-urlencoded", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Object_NotThere_Is404OnThePathAnd400InAParameter()
    {
        var api = shared.NewAccount();
        var missing = await api.SendAsync(HttpMethod.Get, "/v1/checkout/sessions/cs_x");
        var wrong = await api.RefusedAsync(400, "/v1/prices", ("currency", "usd"), ("unit_amount", "1"), ("product", "prod_x"));

        Assert.Equal(404, (int)missing.Status);
        Assert.Equal("No such checkout.session: 'cs_x'", missing.Error.Text("message"));
        Assert.Equal("resource_missing", missing.Error.Text("code"));
        Assert.Equal("No such product: 'prod_x'", wrong.Error.Text("message"));
        Assert.Equal("product", wrong.Error.Text("param"));
    }

    [Theory]
    [InlineData("email=", null)]
    [InlineData("balance=x", "parameter_invalid_integer")]
    [InlineData("balance=", "parameter_invalid_empty")]
    [InlineData("metadata=text", null)]
    [InlineData("foo[bar][]=1", "parameter_unknown")]
    [InlineData("tax_exempt=sometimes", null)]
    public async Task Parameter_Wrong_HasItsCode(string form, string? code)
    {
        var api = shared.NewAccount();
        var pair = form.Split('=');
        var answer = await api.SendAsync(HttpMethod.Post, "/v1/customers", [(pair[0], pair[1])]);
        if (form == "email=")
        {
            Assert.Null(answer.Ok()["email"]);
            return;
        }
        Assert.Equal(400, (int)answer.Status);
        Assert.Equal(code, answer.Error["code"]?.GetValue<string>());
    }

    [Fact]
    public async Task Metadata_BeyondItsBounds_IsRefused()
    {
        var api = shared.NewAccount();
        await api.RefusedAsync(400, "/v1/customers", ($"metadata[{new string('k', 41)}]", "v"));
        await api.RefusedAsync(400, "/v1/customers", ("metadata[k]", new string('v', 501)));
        await api.RefusedAsync(400, "/v1/customers", [.. Enumerable.Range(0, 51).Select(i => ($"metadata[k{i}]", "v"))]);

        var customer = await api.PostAsync("/v1/customers", [.. Enumerable.Range(0, 50).Select(i => ($"metadata[k{i}]", new string('v', 500)))]);
        Assert.Equal(50, customer["metadata"]!.AsObject().Count);
        Assert.Empty((await api.PostAsync($"/v1/customers/{customer.Id()}", ("metadata", "")))["metadata"]!.AsObject());
    }

    [Fact]
    public async Task Delete_ParametersInTheBody_AreReadAsThoseOfTheQuery()
    {
        var api = shared.NewAccount();
        var subscription = await api.SubscriptionAsync();

        var ended = (await api.SendAsync(HttpMethod.Delete, $"/v1/subscriptions/{subscription.Id()}", [("cancellation_details[comment]", "bye")])).Ok();

        Assert.Equal("bye", ended["cancellation_details"]!.Text("comment"));
    }
}
