using Billing.Authentication;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests;

/// <summary>What is particular about keys and refusals; who may call what is in <see cref="AccessMatrixTests"/>.</summary>
public sealed class AccessTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Fact]
    public async Task ServiceKey_WithoutAnOrgOrWithAnUnknownOne_IsToldSo()
    {
        var key = await _world.CreateKeyAsync(Role.Service);
        var unnamed = await SendAsync(HttpMethod.Get, "status", key);
        Assert.Equal((400, "Billing-Org"), (unnamed.Status, unnamed["error.details.errors.0.path"]));
        Assert.Equal(404, (await SendAsync(HttpMethod.Get, "status", key, "nobody")).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Post, "checkout", key, "nobody' OR '1'='1")).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData("Bearer bk_test_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public async Task Credential_MissingOrUnknown_IsUnauthenticated(string? authorization)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, "status"), (HttpMethod.Get, ""), (HttpMethod.Post, "checkout"), (HttpMethod.Post, "") })
        {
            using var client = _world.Client();
            using var request = Request(method, path);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var response = await client.SendAsync(request);
            var answer = await ApiAnswer.ReadAsync(response);

            Assert.Equal((401, "AUTH_ERROR"), (answer.Status, answer["error.code"]));
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Fact]
    public async Task Key_IsKeptAsHashOnly()
    {
        var org = await TestOrg.CreateAsync(_world);
        await using var db = _world.OpenDb();
        var row = await db.Database.SqlQuery<string>($"""SELECT row_to_json(k)::text AS "Value" FROM api_keys k WHERE org_id = {org.Id}""").SingleAsync();
        Assert.DoesNotContain(org.OwnerKey["bk_test_".Length..], row);
    }

    [Theory]
    [InlineData("GET", "/v1/billing/nothing", 404, "NOT_FOUND")]
    [InlineData("GET", "/", 404, "NOT_FOUND")]
    [InlineData("DELETE", "/v1/billing/status", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/v1/billing/checkout", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/v1/billing/webhook", 405, "METHOD_NOT_ALLOWED")]
    public async Task Error_OfTheFramework_HasTheOneShape(string method, string path, int status, string code)
    {
        using var client = _world.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Request-Id", "my-request-7");
        using var response = await client.SendAsync(request);
        var answer = await ApiAnswer.ReadAsync(response);

        Assert.Equal((status, code, "false"), (answer.Status, answer["error.code"], answer["success"]));
        Assert.Equal(["code", "details", "message"], answer.Body!["error"]!.AsObject().Select(p => p.Key).Order());
        Assert.Equal("my-request-7", answer["metadata.request_id"]);
        Assert.Equal("my-request-7", answer.Headers.GetValues("X-Request-Id").Single());
        Assert.EndsWith("Z", answer["metadata.timestamp"]!);
    }

    [Fact]
    public async Task RequestId_IsOnErrorsThatBeganAsExceptionsToo()
    {
        var key = await _world.CreateKeyAsync(Role.Service);
        var answer = await SendAsync(HttpMethod.Get, "status", key, "nobody");
        Assert.Equal(answer["metadata.request_id"], answer.Headers.GetValues("X-Request-Id").Single());
    }

    [Fact]
    public async Task RequestLog_OfAServiceKey_NamesTheOrgItActsFor()
    {
        var host = await _world.StartSecondHostAsync(new Dictionary<string, string?> { ["Serilog:MinimumLevel:Override:Billing.Requests"] = "Information" });
        var org = await TestOrg.CreateAsync(_world);
        var answer = await _world.SendAsync(
            HttpMethod.Get, "/v1/billing/status", await _world.CreateKeyAsync(Role.Service), org: org.Id, host: host);
        // The line is written after the answer.
        var lines = await Eventually.Async(() => Task.FromResult(CapturedLog.Of(answer)), lines => lines.Count > 0, "the request is logged");
        Assert.Equal($"\"{org.Id}\"", lines.Single().Properties["OrgId"].ToString());
    }

    [Fact]
    public async Task RequestId_ThatCouldForgeALogLine_IsReplaced()
    {
        using var client = _world.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.TryAddWithoutValidation("X-Request-Id", "a b{c}");
        using var response = await client.SendAsync(request);
        Assert.StartsWith("req_", response.Headers.GetValues("X-Request-Id").Single());
    }

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string key, string? org = null)
    {
        using var client = _world.Client(key);
        using var request = Request(method, path);
        if (org is not null)
        {
            request.Headers.Add(Caller.OrgHeader, org);
        }
        using var response = await client.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, $"/v1/billing/{path}".TrimEnd('/'));
        if (method == HttpMethod.Post)
        {
            request.Content = System.Net.Http.Json.JsonContent.Create(new { plan = "pro" });
        }
        return request;
    }
}
