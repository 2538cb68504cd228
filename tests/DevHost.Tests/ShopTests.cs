using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevHost.Tests.World;

namespace DevHost.Tests;

/// <summary>The demo shop's pages and its backend part over HTTP; the browser tests click through it.</summary>
public sealed class ShopTests(ReadyTests.Started started) : IClassFixture<ReadyTests.Started>
{
    private ReadyFile Ready => started.Host.Ready;

    [Theory]
    [InlineData("/demo")]
    [InlineData("/demo/paid?session_id=cs_test_1")]
    [InlineData("/demo/cancelled")]
    public async Task Page_OfAStranger_AsksToSignInAndRunsNothingInline(string path)
    {
        using var http = Browser();

        using var page = await http.GetAsync(path, Eventually.Ct);

        var html = await page.Content.ReadAsStringAsync(Eventually.Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains($"name=\"return\" value=\"{path}\"", html, StringComparison.Ordinal);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_Answered_SetsACookieThatNoScriptReadsAndLeadsWhereTheVisitorWasGoing()
    {
        using var http = Browser();

        using var entered = await SignInAsync(http, "shop-cookie", back: "/demo/paid?session_id=cs_test_1");
        using var elsewhere = await SignInAsync(http, "shop-cookie", back: "//evil.example/demo");

        Assert.Equal((HttpStatusCode.SeeOther, "/demo/paid?session_id=cs_test_1"), (entered.StatusCode, entered.Headers.Location!.OriginalString));
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("samesite=lax; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("/demo", elsewhere.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Token_OfASignedInVisitor_ReadsTheirOrgsStatusAndHidesTheKey()
    {
        using var http = Browser();
        using var entered = await SignInAsync(http, "shop-token");

        using var answer = await http.PostAsJsonAsync("/demo/api/token", new { }, Eventually.Ct);
        var token = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(Eventually.Ct))!["token"]!;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/billing/status") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var status = await http.SendAsync(request, Eventually.Ct);
        var calls = await http.GetStringAsync("/demo/api/calls", Eventually.Ct);

        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
        Assert.Contains("/v1/billing/tokens", calls, StringComparison.Ordinal);
        Assert.DoesNotContain(Ready.Keys["service"], calls, StringComparison.Ordinal);
        Assert.Equal("[]", await http.GetStringAsync("/demo/api/calls", Eventually.Ct));
    }

    [Fact]
    public async Task Render_WithoutCredits_PassesTheServicesRefusalOn()
    {
        using var http = Browser();
        using var entered = await SignInAsync(http, "shop-render");

        using var refused = await http.PostAsJsonAsync("/demo/api/renders", new { id = Guid.NewGuid(), size = "film" }, Eventually.Ct);
        using var unknown = await http.PostAsJsonAsync("/demo/api/renders", new { id = Guid.NewGuid(), size = "free-of-charge" }, Eventually.Ct);

        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Equal("INSUFFICIENT_CREDITS", (string)(await refused.Content.ReadFromJsonAsync<JsonObject>(Eventually.Ct))!["error"]!["code"]!);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
    }

    [Theory]
    [InlineData("/demo/api/token")]
    [InlineData("/demo/api/renders")]
    public async Task Backend_WithoutASession_Is401(string path)
    {
        using var http = Browser();

        using var answer = await http.PostAsJsonAsync(path, new { id = Guid.NewGuid(), size = "still" }, Eventually.Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")] // another port of this machine
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "null")]
    public async Task Backend_AskedByAPageOfAnotherOrigin_Is403(string header, string value)
    {
        using var http = Browser();
        using var entered = await SignInAsync(http, "shop-forged");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/demo/api/token") { Content = JsonContent.Create(new { }) };
        request.Headers.Add(header, value);
        using var answer = await http.SendAsync(request, Eventually.Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Shop_ByAnotherName_IsNotThere()
    {
        using var http = Browser();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/demo") { Headers = { Host = "evil.example" } };
        using var answer = await http.SendAsync(request, Eventually.Ct);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>With cookies, and following nothing by itself.</summary>
    private HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri(Ready.BillingUrl) };

    private static Task<HttpResponseMessage> SignInAsync(HttpClient http, string org, string? back = null) => http.PostAsync(
        new Uri("/demo/sign-in", UriKind.Relative),
        new FormUrlEncodedContent(new Dictionary<string, string> { ["org"] = org, ["role"] = "owner", ["return"] = back ?? "/demo" }), Eventually.Ct);
}
