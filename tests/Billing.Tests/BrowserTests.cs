using System.Text.RegularExpressions;
using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>What a browser is told beside the answer.</summary>
public sealed class BrowserTests(BillingFixture fixture) : IAsyncLifetime
{
    private const string Page = "https://shop.example.com";

    private BillingWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await fixture.StartWorldAsync(deliver: false,
        new Dictionary<string, string?> { ["Billing:CorsOrigins:0"] = Page, ["Billing:CorsOrigins:1"] = "http://localhost:3000", ["Billing:RateLimits:Reads"] = "1" });

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Cors_AllowedPage_GetsPreflightAnswersAndErrors_OthersNothing()
    {
        foreach (var path in new[] { "status", "checkout", "orgs/acme", "tokens", "nothing" })
        {
            using var preflight = await PreflightAsync(path, Page);
            Assert.Equal(204, (int)preflight.StatusCode);
            Assert.Equal(Page, Header(preflight, "Access-Control-Allow-Origin"));
            Assert.Equal("GET,POST,PUT", Header(preflight, "Access-Control-Allow-Methods"));
            Assert.Equal("Authorization,Content-Type,Idempotency-Key,Billing-Org,X-Request-Id", Header(preflight, "Access-Control-Allow-Headers"));
            Assert.Equal("3600", Header(preflight, "Access-Control-Max-Age"));
            Assert.Null(Header(preflight, "Access-Control-Allow-Credentials"));

            using var foreign = await PreflightAsync(path, "https://elsewhere.example.com");
            Assert.Null(Header(foreign, "Access-Control-Allow-Origin"));
        }
        var org = await TestOrg.CreateAsync(_world);
        foreach (var (key, path, status) in new[]
        {
            (org.OwnerKey, "status", 200), (org.OwnerKey, "status", 429), (null, "status", 401), (null, "nothing", 404), (null, "checkout", 405),
        })
        {
            using var answer = await SendAsync(HttpMethod.Get, "/v1/billing/" + path, Page, key);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(Page, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Equal("X-Request-Id,Retry-After,Idempotent-Replayed", Header(answer, "Access-Control-Expose-Headers"));
            Assert.Equal("Origin", Header(answer, "Vary"));
        }
    }

    [Theory]
    [InlineData("webhook")]
    [InlineData("webhooks")]
    public async Task Cors_Webhook_IsNotForBrowsers(string path)
    {
        using var preflight = await PreflightAsync(path, Page);
        using var post = await SendAsync(HttpMethod.Post, "/v1/billing/" + path, Page, key: null);
        Assert.All([preflight, post], answer => Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Cors_Unconfigured_SendsNothing()
    {
        using var client = fixture.World.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/billing/status");
        request.Headers.Add("Origin", Page);
        using var answer = await client.SendAsync(request);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SecurityHeaders_AreOnEveryAnswerButPages()
    {
        foreach (var path in new[] { "/v1/billing/status", "/v1/billing/nothing", "/", "/health/live", "/v1/billing/webhook" })
        {
            using var answer = await SendAsync(HttpMethod.Get, path, origin: null, key: null);
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("no-store", Header(answer, "Cache-Control"));
            Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", Header(answer, "Content-Security-Policy"));
        }
        using var page = await SendAsync(HttpMethod.Get, "/swagger/index.html", origin: null, key: null);
        Assert.Equal((200, "nosniff"), ((int)page.StatusCode, Header(page, "X-Content-Type-Options")));
        Assert.Null(Header(page, "Content-Security-Policy"));
    }

    [Fact]
    public async Task SwaggerUi_FindsTheDocument()
    {
        using var page = await SendAsync(HttpMethod.Get, "/swagger/index.js", origin: null, key: null);
        var url = Regex.Match(await page.Content.ReadAsStringAsync(), @"""url"":""([^""]+)""").Groups[1].Value;

        using var document = await SendAsync(HttpMethod.Get, "/swagger/" + url, origin: null, key: null);

        Assert.Equal(200, (int)document.StatusCode);
        Assert.Contains("/v1/billing/checkout", await document.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PreflightAsync(string path, string origin) =>
        SendAsync(HttpMethod.Options, "/v1/billing/" + path, origin, key: null);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? origin, string? key)
    {
        using var client = _world.Client(key);
        using var request = new HttpRequestMessage(method, path);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        }
        return await client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
