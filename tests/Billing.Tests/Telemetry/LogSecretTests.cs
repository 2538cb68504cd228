using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Authentication;
using Billing.Tests.World;
using Microsoft.Extensions.Logging;

namespace Billing.Tests.Telemetry;

/// <summary>
/// The log holds no key, secret, signature, token, payable page or card number, at whatever level. Every world of the test run is held to it
/// when it ends; here is one that logs all there is and goes through all calls, with what can go wrong.
/// </summary>
public sealed partial class LogSecretTests(BillingFixture fixture)
{
    private const string Email = "somebody.in.particular@example.com";

    private static readonly Dictionary<string, string?> Everything = new()
    {
        ["Serilog:MinimumLevel:Default"] = "Verbose",
        ["Serilog:MinimumLevel:Override:Microsoft.AspNetCore"] = "Verbose",
        ["Serilog:MinimumLevel:Override:Microsoft.EntityFrameworkCore"] = "Verbose",
        ["Serilog:MinimumLevel:Override:System.Net.Http"] = "Verbose",
        ["Serilog:MinimumLevel:Override:" + typeof(ApiKeyAuthentication).FullName] = "Verbose",
    };

    [Theory]
    [InlineData("The secret is whsec_0123456789abcdef")]
    [InlineData("The key is sk_test_0123456789")]
    [InlineData("The key is rk_live_0123456789")]
    [InlineData("The key is bk_test_0123456789-_")]
    [InlineData("The header was t=1763717400,v1=00112233445566778899aabbccddeeff")]
    [InlineData("The token is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhY21lIn0.c2lnbmF0dXJl")]
    [InlineData("The page is https://checkout.stripe.com/c/pay/cs_test_a1")]
    [InlineData("The card is 4242 4242 4242 4242")]
    [InlineData("The card is 4000000000000259")]
    [InlineData("The account is 000123456789")]
    [InlineData("Host=db;Username=billing;Password=hunter2")]
    public async Task World_WhoseHostLogsASecret_Fails(string line)
    {
        var world = await fixture.StartWorldAsync(deliver: false);
        LogLeak(world.Service<ILogger<LogSecretTests>>(), line);

        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await world.DisposeAsync());

        Assert.Contains(line, failure.Message);
    }

    [Theory]
    [InlineData("req_5d250ec4dc7fbcd778ed000532955178")]
    [InlineData("4242424242424242a94370c38e0a8c5d")]
    public void Digits_InAnIdThatCameByChance_AreNoCardOrAccount(string id) => Assert.Null(LogSecrets.Find("Request " + id));

    [Fact]
    public async Task Log_OfAllCallsAndTheirFailures_HoldsNoSecret()
    {
        await using var world = await fixture.StartWorldAsync(settings: Everything);
        var lines = CapturedLog.Keep(world.LogName);
        await using var stripe = await FaultyStripe.StartAsync(world);
        var faulty = await world.StartSecondHostAsync(new Dictionary<string, string?>(Everything.Concat(stripe.Settings)));
        var org = await TestOrg.CreateAsync(world);
        var service = await world.CreateKeyAsync(Role.Service);

        await CallEverythingAsync(world, org, service);
        await GoWrongAsync(world, org, service);
        await BreakStripeAsync(world, stripe, faulty);

        await Eventually.Async(() => Task.FromResult(lines.Count), count => count > 100, "much is logged");
        Assert.DoesNotContain(lines, line => line.Contains(Email));
        Assert.Contains(lines, line => line.Contains("\"Level\":\"Debug\""));
        Assert.Contains(lines, line => line.Contains("cannot be applied and is parked"));
        Assert.Contains(lines, line => line.Contains("no configured secret verifies it"));
        Assert.Contains(lines, line => line.Contains("Stripe cannot be reached"));
        Assert.Contains(lines, line => line.Contains("Stripe answered"));
    } // the world ends here, and is looked through

    private static async Task CallEverythingAsync(BillingWorld world, TestOrg org, string service)
    {
        Task<ApiAnswer> AsService(HttpMethod method, string call, object? body = null) =>
            world.SendAsync(method, "/v1/billing" + call, service, JsonSerializer.Serialize(body ?? new { }), org.Id);

        Assert.Equal(200, (await AsService(HttpMethod.Put, "/orgs/" + org.Id, new { name = "Somebody", email = Email })).Status);
        var token = (await AsService(HttpMethod.Post, "/tokens", new { org = org.Id, role = "owner" }))["token"]!;
        var checkout = await org.As(token).CheckoutAsync(new { plan = "pro" });
        Assert.Null(await org.PayAsync(checkout["url"]!, "4000000000000002"));
        Assert.NotNull(await org.PayAsync(checkout["url"]!));
        Assert.Equal(200, (await org.ActivateAsync(checkout["session_id"]!)).Status);
        await org.EventuallyAsync("plan", "pro");
        Assert.Equal("plan_change", (await org.CheckoutAsync(new { plan = "team" }))["kind"]);
        Assert.Equal(200, (await org.CallAsync("/portal", new { })).Status);
        await org.BuyCreditsAsync();
        await Eventually.Async(org.CreditsAsync, credits => credits["balance"] == "1500", "the pack is credited");
        var hold = await AsService(HttpMethod.Post, "/credits/holds", new { amount = 10 });
        Assert.Equal(200, (await AsService(HttpMethod.Post, $"/credits/holds/{hold["hold_id"]}/settle", new { amount = 5 })).Status);
        Assert.Equal(200, (await AsService(HttpMethod.Get, "/credits/ledger")).Status);
        Assert.Equal(200, (await AsService(HttpMethod.Get, "/orgs/" + org.Id)).Status);
        Assert.Equal(200, (await world.SendAsync(HttpMethod.Get, "/v1/billing", token)).Status);
    }

    private static async Task GoWrongAsync(BillingWorld world, TestOrg org, string service)
    {
        var content = new JsonObject { ["object"] = "subscription", ["id"] = "sub_1" };
        var e = EventsByHand.Event("customer.subscription.updated", content, world.Sandbox.Clock.GetUtcNow());
        Assert.Equal(400, (await world.Events.DeliverSignedAsync(e.ToJsonString(), "whsec_of_somebody_else_altogether")).Status);
        Assert.Equal(400, (await world.Events.DeliverSignedAsync(e.ToJsonString(), ageInSeconds: 3600)).Status);
        Assert.Equal(400, (await world.Events.DeliverAsync(e.ToJsonString(), "t=1763717400,v1=nonsense")).Status);
        e["data"]!["object"]!["items"] = "4242424242424242"; // cannot be read: parked
        Assert.Equal(200, (await world.Events.DeliverAsync(e)).Status);
        var wrongKey = "bk_test_" + new string('a', 43);
        Assert.Equal(401, (await world.SendAsync(HttpMethod.Get, "/v1/billing/status", wrongKey)).Status);
        Assert.Equal(401, (await world.SendAsync(HttpMethod.Get, "/v1/billing/status", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhY21lIn0.c2lnbmF0dXJl")).Status);
        Assert.Equal(404, (await world.SendAsync(HttpMethod.Get, $"/v1/billing/nowhere?key={service}", service)).Status);
        Assert.Equal(400, (await org.PostAsync("/v1/billing/checkout", $$"""{"plan":"{{service}}"}""")).Status);
        Assert.Equal(400, (await org.PostAsync("/v1/billing/checkout", $$"""{"plan":"pro",{{service}}""")).Status);
        Assert.Equal(409, (await org.CheckoutAsync(new { plan = "pro" })).Status);
        Assert.Equal(403, (await org.ActivateAsync("cs_test_of_nobody")).Status);
    }

    private static async Task BreakStripeAsync(BillingWorld world, FaultyStripe stripe, Uri faulty)
    {
        foreach (var (status, type) in new[] { (400, "invalid_request_error"), (401, "invalid_request_error"), (402, "card_error"), (500, "api_error") })
        {
            var org = await TestOrg.CreateAsync(world);
            stripe.Intercept = call => FaultyStripe.AnswerAsync(call, status, type);
            Assert.InRange((await org.CheckoutAsync(new { plan = "pro" }, faulty)).Status, 502, 503);
        }
        stripe.Intercept = call =>
        {
            call.Abort();
            return Task.FromResult(true);
        };
        Assert.InRange((await (await TestOrg.CreateAsync(world)).CheckoutAsync(new { plan = "pro" }, faulty)).Status, 502, 503);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "It leaks: {Line}")]
    private static partial void LogLeak(ILogger log, string line);
}
