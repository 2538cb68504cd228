using Billing.Authentication;
using Billing.Tests.World;

namespace Billing.Tests;

/// <summary>What a client may send to checkout and what it is told about the rest. None of it may reach Stripe.</summary>
public sealed class CheckoutRequestTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.World;

    [Theory]
    [InlineData("""{"plan_id":"pro","billing_cycle":"yearly"}""")]
    [InlineData("""{"tier":"pro","interval":"annual"}""")]
    [InlineData("""{"plan":"pro","plan_id":"pro","interval":"yearly","billing_cycle":"annual"}""")]
    [InlineData("""{"plan":"pro","interval":"annual","successUrl":"https://app.example.com/a","cancelUrl":"https://app.example.com/b"}""")]
    [InlineData("""{"plan":"pro","interval":"annual","cancel_url":null}""")]
    public async Task Request_NamesOfSimilarApis_AreUnderstood(string json)
    {
        var org = await TestOrg.CreateAsync(_world);
        var checkout = await org.PostAsync("/v1/billing/checkout", json);

        Assert.Equal(200, checkout.Status);
        Assert.Equal(checkout["url"], checkout["checkout_url"]);
        var session = await _world.Events.GetAsync($"/v1/checkout/sessions/{checkout["session_id"]}?expand[]=line_items");
        Assert.Equal("pro_annual", session["line_items"]!["data"]![0]!["price"]!["lookup_key"]!.ToString());
    }

    [Theory]
    [InlineData("""{"plan":"pro","price_id":"price_1"}""", "price_id", "unknown_field")]
    [InlineData("""{"plan":"pro","amount":1}""", "amount", "unknown_field")]
    [InlineData("""{}""", "plan", "required")]
    [InlineData("""{"plan":null}""", "plan", "required")]
    [InlineData("""{"plan":"gold"}""", "plan", "unknown_plan")]
    [InlineData("""{"plan":"free"}""", "plan", "unknown_plan")]
    [InlineData("""{"plan":"PRO"}""", "plan", "unknown_plan")]
    [InlineData("""{"plan":"pro\u0000"}""", "plan", "unknown_plan")]
    [InlineData("""{"plan":"\ud800"}""", "plan", "invalid_type")]
    [InlineData("""{"plan":7}""", "plan", "invalid_type")]
    [InlineData("""{"plan":["pro"]}""", "plan", "invalid_type")]
    [InlineData("""{"plan":"pro","interval":"weekly"}""", "interval", "invalid_type")]
    [InlineData("""{"plan":"pro","interval":"monthly,annual"}""", "interval", "invalid_type")]
    [InlineData("""{"plan":"pro","interval":"ANNUAL"}""", "interval", "invalid_type")]
    [InlineData("""{"plan":"pro","interval":" annual "}""", "interval", "invalid_type")]
    [InlineData("""{"plan":"pro","interval":"Yearly"}""", "interval", "invalid_type")]
    [InlineData("""{"plan":"pro","interval":"1"}""", "interval", "invalid_type")]
    [InlineData("""{"plan":"pro","interval":1}""", "interval", "invalid_type")]
    [InlineData("""{"plan":"pro","interval":1e999}""", "interval", "invalid_type")]
    [InlineData("""{"plan":"enterprise"}""", "interval", "not_for_sale")]
    [InlineData("""{"plan":"pro","tier":"team"}""", "tier", "conflicting_alias")]
    [InlineData("""{"plan":"pro","success_url":"https://evil.example.com/"}""", "success_url", "url_not_allowed")]
    [InlineData("""{"plan":"pro","success_url":"https://app.example.com.evil.com/"}""", "success_url", "url_not_allowed")]
    [InlineData("""{"plan":"pro","success_url":"https://app.example.com@evil.com/"}""", "success_url", "url_not_allowed")]
    [InlineData("""{"plan":"pro","success_url":"https://app.example.com:444/"}""", "success_url", "url_not_allowed")]
    [InlineData("""{"plan":"pro","success_url":"http://app.example.com/"}""", "success_url", "url_not_allowed")]
    [InlineData("""{"plan":"pro","success_url":"javascript:alert(1)"}""", "success_url", "url_not_allowed")]
    [InlineData("""{"plan":"pro","success_url":"/relative"}""", "success_url", "url_not_allowed")]
    [InlineData("""{"plan":"pro","cancel_url":""}""", "cancel_url", "url_not_allowed")]
    public async Task Request_WithAWrongField_IsRefusedByName(string json, string path, string code)
    {
        var org = await TestOrg.CreateAsync(_world);
        var refused = await org.PostAsync("/v1/billing/checkout", json);

        Assert.Equal((400, "VALIDATION_ERROR"), (refused.Status, refused["error.code"]));
        Assert.Equal((path, code), (refused["error.details.errors.0.path"], refused["error.details.errors.0.code"]));
        Assert.NotEmpty(refused["error.details.errors.0.message"]!);
        await AssertNothingHappened(org);
    }

    [Fact]
    public async Task Request_WithSeveralWrongFields_NamesThemAll()
    {
        var org = await TestOrg.CreateAsync(_world);
        var unread = await org.PostAsync("/v1/billing/checkout", """{"plan":1,"price":"x","foo":2}""");
        var invalid = await org.PostAsync("/v1/billing/checkout", """{"plan":"gold","success_url":"x","cancel_url":"y"}""");

        Assert.Equal(["plan", "price", "foo"], Paths(unread));
        Assert.Equal(["plan", "success_url", "cancel_url"], Paths(invalid));

        static IEnumerable<string> Paths(ApiAnswer answer) =>
            answer.Body!["error"]!["details"]!["errors"]!.AsArray().Select(e => e!["path"]!.ToString());
    }

    [Fact]
    public async Task Request_OfNothingButUnknownFields_IsToldOfTwenty()
    {
        var org = await TestOrg.CreateAsync(_world);
        var refused = await org.PostAsync("/v1/billing/checkout", "{" + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"f{i}\":1")) + "}");
        Assert.Equal((400, 20), (refused.Status, refused.Body!["error"]!["details"]!["errors"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"pro\"")]
    [InlineData("""{"plan":"pro","plan":"team"}""")]
    [InlineData("""{"plan":"pro",}""")]
    [InlineData("""{"plan":"pro"}{}""")]
    [InlineData("""{"\ud800":1}""")]
    public async Task Request_ThatIsNoJsonObject_IsRefused(string body)
    {
        var org = await TestOrg.CreateAsync(_world);
        var refused = await org.PostAsync("/v1/billing/checkout", body);
        Assert.Equal((400, "VALIDATION_ERROR"), (refused.Status, refused["error.code"]));
        await AssertNothingHappened(org);
    }

    [Fact]
    public async Task Request_NestedVeryDeep_IsRefused()
    {
        var org = await TestOrg.CreateAsync(_world);
        var deep = "{\"plan\":" + new string('[', 5000) + new string(']', 5000) + "}";
        Assert.Equal(400, (await org.PostAsync("/v1/billing/checkout", deep)).Status);
    }

    [Fact]
    public async Task Request_OfAnotherMediaType_IsUnsupported()
    {
        var org = await TestOrg.CreateAsync(_world);
        var refused = await org.PostAsync("/v1/billing/checkout", "plan=pro", "application/x-www-form-urlencoded");
        Assert.Equal((415, "UNSUPPORTED_MEDIA_TYPE"), (refused.Status, refused["error.code"]));
    }

    [Theory]
    [InlineData("application/json; charset=iso-8859-1", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/vnd.other+json", 415)]
    [InlineData("application/json; charset=\"UTF-8\"", 400)]
    [InlineData("Application/JSON", 400)]
    public async Task Request_DeclaredInAnotherCharset_IsUnsupported(string contentType, int status)
    {
        var org = await TestOrg.CreateAsync(_world);
        Assert.Equal(status, (await SendAsync(org.OwnerKey, "checkout", "{}"u8.ToArray(), contentType)).Status);
    }

    [Fact]
    public async Task Request_OfAnotherMediaType_IsFirstAskedForItsKeyAndRole()
    {
        var org = await TestOrg.CreateAsync(_world);
        var member = await _world.CreateKeyAsync(Role.Member, org.Id);
        foreach (var path in new[] { "checkout", "activate", "portal", "topup" })
        {
            Assert.Equal(401, (await SendAsync(null, path, "x"u8.ToArray(), "text/plain")).Status);
            Assert.Equal(403, (await SendAsync(member, path, "x"u8.ToArray(), "text/plain")).Status);
            Assert.Equal(415, (await SendAsync(org.OwnerKey, path, "x"u8.ToArray(), "text/plain")).Status);
        }
        Assert.Equal(403, (await SendAsync(org.OwnerKey, "tokens", "x"u8.ToArray(), "text/plain")).Status);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("application/x-www-form-urlencoded", true)]
    [InlineData("application/json", true)]
    public async Task Portal_EmptyBodyHoweverItIsFramed_CountsAsLeftOut(string? contentType, bool chunked)
    {
        var org = await TestOrg.CreateAsync(_world);
        var answer = await SendAsync(org.OwnerKey, "portal", [], contentType, chunked);
        Assert.Equal((400, "NO_BILLING_HISTORY"), (answer.Status, answer["error.code"]));
    }

    [Fact]
    public async Task Request_TooLarge_IsRefused()
    {
        var org = await TestOrg.CreateAsync(_world);
        var refused = await org.PostAsync("/v1/billing/checkout", "{\"plan\":\"" + new string('x', 100_000) + "\"}");
        Assert.Equal((413, "PAYLOAD_TOO_LARGE"), (refused.Status, refused["error.code"]));
    }

    [Fact]
    public async Task Request_WithoutPlan_TakesTheConfiguredDefault()
    {
        var settings = new Dictionary<string, string?> { ["Billing:DefaultPlan"] = "pro" };
        await using var world = await fixture.StartWorldAsync(settings: settings);
        var org = await TestOrg.CreateAsync(world);

        var checkout = await org.PostAsync("/v1/billing/checkout", "{}");

        Assert.Equal(200, checkout.Status);
        Assert.Equal("new_subscription", checkout["kind"]);
    }

    [Fact]
    public async Task Request_WhoseDefaultPlanIsNotSoldAtTheInterval_IsRefused()
    {
        var settings = new Dictionary<string, string?> { ["Billing:DefaultPlan"] = "enterprise" };
        await using var world = await fixture.StartWorldAsync(settings: settings);
        var refused = await (await TestOrg.CreateAsync(world)).PostAsync("/v1/billing/checkout", "{}");
        Assert.Equal((400, "not_for_sale"), (refused.Status, refused["error.details.errors.0.code"]));
    }

    [Fact]
    public async Task Request_UrlThatIsTooLongOnceEscaped_IsRefused()
    {
        var org = await TestOrg.CreateAsync(_world);
        var json = $$"""{"plan":"pro","success_url":"https://app.example.com/{{new string('é', 1900)}}"}""";
        Assert.Equal("url_not_allowed", (await org.PostAsync("/v1/billing/checkout", json))["error.details.errors.0.code"]);
    }

    private async Task<ApiAnswer> SendAsync(string? key, string path, byte[] body, string? contentType, bool chunked = false)
    {
        using var client = _world.Client(key);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/billing/" + path) { Content = new ByteArrayContent(body) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await client.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }

    private async Task AssertNothingHappened(TestOrg org)
    {
        await using var db = _world.OpenDb();
        Assert.DoesNotContain(db.CheckoutSessions, session => session.OrgId == org.Id);
        Assert.Null(db.Orgs.Single(o => o.Id == org.Id).StripeCustomerId);
    }
}
