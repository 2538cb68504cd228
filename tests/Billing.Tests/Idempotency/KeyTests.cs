using System.Net.Sockets;
using System.Text;
using Billing.Authentication;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Idempotency;

/// <summary>What a client that names its request may rely on (DESIGN rule 9).</summary>
public sealed class KeyTests(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    private readonly BillingWorld _world = hosts.World;

    [Fact]
    public async Task Key_Repeated_GivesTheSameAnswer_OnEveryHostAndAfterPayment()
    {
        var (org, calls) = await NewOrgAsync();
        var key = KeyedClient.NewKey();

        var first = await calls.CheckoutAsync(key, new { plan = "pro" });
        Assert.Equal(200, first.Status);
        Assert.False(first.IsReplay);
        (await calls.CheckoutAsync(key, new { plan = "pro" }, hosts.Second)).AssertReplays(first);

        await org.PayAsync(first["url"]!);
        await org.EventuallyAsync("plan", "pro");
        (await calls.CheckoutAsync(key, new { plan = "pro" })).AssertReplays(first);
        Assert.Equal(409, (await calls.CheckoutAsync(KeyedClient.NewKey(), new { plan = "pro" })).Status);
    }

    [Fact]
    public async Task Key_WithAnotherRequest_IsRefusedAndStillStandsForTheFirst()
    {
        var (_, calls) = await NewOrgAsync();
        var key = KeyedClient.NewKey();
        var first = await calls.CheckoutAsync(key, new { plan = "pro" });

        foreach (object other in new object[] { new { plan = "team" }, new { plan = "pro", interval = "annual" } })
        {
            var refused = await calls.CheckoutAsync(key, other);
            Assert.Equal((422, "IDEMPOTENCY_KEY_REUSED"), (refused.Status, refused["error.code"]));
        }
        (await calls.CheckoutAsync(key, new { plan = "pro" })).AssertReplays(first);
    }

    [Fact]
    public async Task Key_OfAnotherOrg_IsAnotherKey()
    {
        var key = KeyedClient.NewKey();
        var (_, one) = await NewOrgAsync();
        var (_, other) = await NewOrgAsync();

        var first = await one.CheckoutAsync(key, new { plan = "pro" });
        var second = await other.CheckoutAsync(key, new { plan = "team" });

        Assert.Equal((200, 200, false), (first.Status, second.Status, second.IsReplay));
        Assert.NotEqual(first["session_id"], second["session_id"]);
    }

    [Theory]
    [InlineData("one-key")]
    [InlineData("")]
    public async Task Key_OnACallThatMakesAFreshSecret_IsIgnored(string key)
    {
        var (org, _) = await NewOrgAsync();
        await org.CheckoutAsync(new { plan = "pro" });
        var service = await _world.CreateKeyAsync(Role.Service);

        var answers = new List<ApiAnswer>();
        foreach (var (credential, path, json) in Enumerable.Repeat(
            new[] { (service, "tokens", $$"""{"org":"{{org.Id}}","role":"member"}"""), (org.OwnerKey, "portal", "{}") }, 2).SelectMany(calls => calls))
        {
            using var client = _world.Client(credential);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/billing/" + path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            using var response = await client.SendAsync(request);
            answers.Add(await ApiAnswer.ReadAsync(response));
        }

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.NotEqual(answers[0]["token"], answers[2]["token"]);
        Assert.NotEqual(answers[1]["url"], answers[3]["url"]);
    }

    [Fact]
    public async Task Request_WrittenAnotherWay_IsTheSameRequest()
    {
        var (_, calls) = await NewOrgAsync();
        var key = KeyedClient.NewKey();
        var first = await calls.PostAsync(
            "/v1/billing/checkout", """{"plan":"pro","interval":"annual","success_url":"https://app.example.com/a"}""", key: key);

        string[] same =
        [
            """  { "success_url" : "https://app.example.com/a",  "interval":"annual", "plan":"pro" } """,
            """{"plan_id":"pro","billing_cycle":"yearly","successUrl":"https://app.example.com/a"}""",
            """{"tier":"\u0070ro","plan":"pro","interval":"yearly","success_url":"https:\/\/app.example.com/a","cancel_url":null}""",
        ];
        foreach (var json in same)
        {
            (await calls.PostAsync("/v1/billing/checkout", json, key: key)).AssertReplays(first);
            (await calls.PostAsync("/v1/billing", json, key: key)).AssertReplays(first);
        }
    }

    [Theory]
    [InlineData("Idempotency-Key:\r\n")]
    [InlineData("Idempotency-Key: schlüssel\r\n")]
    [InlineData("Idempotency-Key: a\tb\r\n")]
    [InlineData("Idempotency-Key: one\r\nIdempotency-Key: two\r\n")]
    [InlineData("Idempotency-Key: same\r\nidempotency-key: same\r\n")]
    public async Task Key_NotWellFormed_IsRefusedAndChangesNothing(string header)
    {
        var org = await TestOrg.CreateAsync(_world);
        // By hand, as HttpClient would put two headers into one.
        using var connection = new TcpClient();
        await connection.ConnectAsync(hosts.First.Host, hosts.First.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            "POST /v1/billing/checkout HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 14\r\n"
            + $"Authorization: Bearer {org.OwnerKey}\r\n{header}\r\n" + """{"plan":"pro"}"""));
        var answer = await new StreamReader(stream).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.Contains("\"VALIDATION_ERROR\"", answer);
        Assert.Contains("\"path\":\"Idempotency-Key\"", answer);
        await using var db = _world.OpenDb();
        Assert.False(await db.CheckoutSessions.AnyAsync(s => s.OrgId == org.Id));
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(255, 200)]
    [InlineData(256, 400)]
    public async Task Key_MayHave255Characters(int length, int status)
    {
        var (_, calls) = await NewOrgAsync();
        Assert.Equal(status, (await calls.CheckoutAsync(new string('~', length), new { plan = "pro" })).Status);
    }

    [Fact]
    public async Task Request_RefusedAsNotValid_LeavesTheKeyToTheCorrectedOne()
    {
        var (_, calls) = await NewOrgAsync();
        var key = KeyedClient.NewKey();

        Assert.Equal(400, (await calls.CheckoutAsync(key, new { plan = 7 })).Status);
        Assert.Equal(400, (await calls.CheckoutAsync(key, new { plan = "gold" })).Status);

        Assert.Equal(200, (await calls.CheckoutAsync(key, new { plan = "pro" })).Status);
    }

    [Fact]
    public async Task Conflict_IsStored_AndAnotherKeyIsAnotherTry()
    {
        var (org, calls) = await NewOrgAsync();
        await org.BuyAsync("pro");
        await org.EventuallyAsync("plan", "pro");
        var key = KeyedClient.NewKey();
        var refused = await calls.CheckoutAsync(key, new { plan = "pro" });
        Assert.Equal((409, "already_subscribed"), (refused.Status, refused["error.details.reason"]));

        await CancelAsync(org);

        (await calls.CheckoutAsync(key, new { plan = "pro" }, hosts.Second)).AssertReplays(refused);
        Assert.Equal(200, (await calls.CheckoutAsync(KeyedClient.NewKey(), new { plan = "pro" })).Status);
    }

    private async Task<(TestOrg Org, KeyedClient Calls)> NewOrgAsync()
    {
        var org = await TestOrg.CreateAsync(_world);
        return (org, new KeyedClient(_world, org));
    }

    private async Task CancelAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        await new Stripe.SubscriptionService(_world.Stripe).CancelAsync((await db.Subscriptions.SingleAsync(s => s.OrgId == org.Id)).Id);
        await org.EventuallyAsync("plan", "free");
    }
}
