using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.EntityFrameworkCore;
using Serilog.Events;

namespace Billing.Tests;

/// <summary>What the intake takes, what it refuses, and that nothing is taken twice.</summary>
public sealed class WebhookTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.SilentWorld;

    [Fact]
    public async Task Webhook_Accepted_IsStoredBeforeItIsAnswered()
    {
        var e = EventsByHand.Event("product.created", new JsonObject { ["id"] = "prod_1", ["object"] = "product" }, Now);

        var answer = await _world.Events.DeliverAsync(e);

        Assert.Equal((200, "true"), (answer.Status, answer["received"]));
        var row = await FindAsync(e);
        Assert.Equal(EventOutcome.Ignored, row!.Outcome);
        Assert.Equal(e.ToJsonString(), Encoding.UTF8.GetString(row.Payload));
    }

    [Fact]
    public async Task Webhook_DeliveredTwice_ChangesNothingTheSecondTime()
    {
        var (org, events) = await BoughtAsync();
        foreach (var e in events)
        {
            Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);
        }
        await org.EventuallyAsync("plan", "pro");
        var before = await SnapshotAsync(org);

        foreach (var e in events)
        {
            Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);
        }

        Assert.Equal(before, await SnapshotAsync(org));
    }

    [Fact]
    public async Task Webhook_DeliveredManyTimesAtOnce_IsStoredOnce()
    {
        var (org, events) = await BoughtAsync();
        var answers = await Task.WhenAll(events.SelectMany(e => Enumerable.Repeat(e, 8)).Select(e => _world.Events.DeliverAsync(e)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        await org.EventuallyAsync("plan", "pro");
        await using var db = _world.OpenDb();
        Assert.Equal(events.Count, await db.StripeEvents.CountAsync(e => e.OrgId == org.Id));
    }

    [Fact]
    public async Task Webhook_AtBothPaths_IsTheSameCall()
    {
        var e = EventsByHand.Event("product.created", new JsonObject { ["id"] = "prod_1", ["object"] = "product" }, Now);
        var payload = e.ToJsonString();
        var answer = await _world.Events.DeliverAsync(payload, Sign(payload), "/v1/billing/webhooks");
        Assert.Equal(200, answer.Status);
        Assert.NotNull(await FindAsync(e));
    }

    [Fact]
    public async Task Webhook_SignedWithAnyConfiguredSecret_IsAccepted()
    {
        // The shared world has two secrets: the sandbox's endpoint signs with one, the tests with the other.
        var org = await TestOrg.CreateAsync(fixture.World);
        await org.BuyAsync();
        await org.EventuallyAsync("plan", "pro");

        var e = EventsByHand.Event("product.created", new JsonObject { ["id"] = "prod_1", ["object"] = "product" }, Now);
        Assert.Equal(200, (await fixture.World.Events.DeliverAsync(e)).Status);
    }

    [Fact]
    public async Task Webhook_WithoutGoodSignature_IsRefusedAndNotStored()
    {
        var e = EventsByHand.Event("product.created", new JsonObject { ["id"] = "prod_1", ["object"] = "product" }, Now);
        var payload = e.ToJsonString();
        var good = Sign(payload);
        var bad = new[]
        {
            null, "", "t", "t=,v1=", "t=abc,v1=00", "t=99999999999999999999,v1=00", "v1=00", good.Replace("v1=", "v0="),
            good[..^1] + (good[^1] == '0' ? '1' : '0'), good.ToUpperInvariant().Replace("T=", "t=").Replace("V1=", "v1="),
            Sign(payload + " "), Sign(payload, "whsec_of_somebody_else_entirely"), new string('x', 100_000).Replace("x", "v1=00,")[..5000],
        };
        foreach (var signature in bad)
        {
            var refused = await _world.Events.DeliverAsync(payload, signature);
            Assert.True(refused.Status == 400, $"{signature}: {refused.Status}");
            Assert.Equal("VALIDATION_ERROR", refused["error.code"]);
        }
        Assert.Null(await FindAsync(e));
    }

    [Theory]
    [InlineData(290, 200)]
    [InlineData(310, 400)]
    [InlineData(-290, 200)]
    [InlineData(-310, 400)]
    public async Task Webhook_SignatureAge_MayBeFiveMinutesEitherWay(long age, int status)
    {
        var e = EventsByHand.Event("product.created", new JsonObject { ["id"] = "prod_1", ["object"] = "product" }, Now);
        Assert.Equal(status, (await _world.Events.DeliverSignedAsync(e.ToJsonString(), ageInSeconds: age)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"id":"evt_1","object":"event"}""")]
    [InlineData("""{"id":"","object":"event","type":"a","api_version":"2026-07-29.dahlia","created":1,"livemode":false,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_\u0000","object":"event","type":"a","api_version":"2026-07-29.dahlia","created":1,"livemode":false,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"a","api_version":"2026-07-29.dahlia","created":1,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","type":"a","api_version":"2026-07-29.dahlia","created":1,"livemode":false,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","object":"event","type":"a","api_version":"2026-07-29.dahlia","livemode":false,"data":{"object":{}}}""")]
    [InlineData("""{"id":"evt_1","object":"v2.core.event","type":"v1.invoice.paid","created":"2026-01-01T00:00:00Z"}""")]
    public async Task Webhook_SignedButNoEvent_IsRefused(string payload) =>
        Assert.Equal(400, (await _world.Events.DeliverSignedAsync(payload)).Status);

    [Fact]
    public async Task Webhook_OfTheOtherMode_IsRefusedAndNotStored()
    {
        var e = EventsByHand.Event("product.created", new JsonObject { ["id"] = "prod_1", ["object"] = "product" }, Now);
        e["livemode"] = true;
        Assert.Equal(400, (await _world.Events.DeliverAsync(e)).Status);
        Assert.Null(await FindAsync(e));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Webhook_TooLarge_IsRefusedAndAlerts(bool chunked)
    {
        var payload = new string(' ', 2 * 1024 * 1024 + 1);
        var answer = await _world.Events.DeliverAsync(payload, Sign(payload), chunked: chunked);
        Assert.Equal((413, "PAYLOAD_TOO_LARGE"), (answer.Status, answer["error.code"]));
        Assert.Equal(LogEventLevel.Error, Assert.Single(CapturedLog.Of(answer)).Level);
    }

    [Fact]
    public async Task Webhook_OfAMegabyte_IsAccepted()
    {
        var content = new JsonObject { ["id"] = "prod_1", ["object"] = "product", ["description"] = new string('x', 1024 * 1024) };
        Assert.Equal(200, (await _world.Events.DeliverAsync(EventsByHand.Event("product.created", content, Now))).Status);
    }

    [Fact]
    public async Task Webhook_WithCharactersThatPostgresRefusesInText_IsStoredAsItCame()
    {
        var e = EventsByHand.Event("product.created", new JsonObject { ["id"] = "prod_1", ["object"] = "product", ["description"] = "X" }, Now);
        var payload = e.ToJsonString().Replace("\"X\"", """ "\u0000 \ud800" """);

        Assert.Equal(200, (await _world.Events.DeliverSignedAsync(payload)).Status);

        Assert.Equal(payload, Encoding.UTF8.GetString((await FindAsync(e))!.Payload));
    }

    [Fact]
    public async Task Webhook_AboutSomebodyElsesObjects_IsStoredAsIgnored()
    {
        var (_, events) = await BoughtAsync();
        foreach (var foreign in events)
        {
            var text = foreign.ToJsonString().Replace("sub_", "sub_other").Replace("cus_", "cus_other").Replace("cs_test_", "cs_test_other")
                .Replace("\"billing_", "\"other_").Replace(foreign["id"]!.ToString(), "evt_" + Guid.NewGuid().ToString("N"));
            Assert.Equal(200, (await _world.Events.DeliverSignedAsync(text)).Status);
            var row = await FindAsync(JsonNode.Parse(text)!);
            Assert.Equal((EventOutcome.Ignored, null), (row!.Outcome, row.OrgId));
        }
    }

    [Fact]
    public async Task Webhook_OfAConnectedAccount_ChangesNothing()
    {
        var (org, events) = await BoughtAsync();
        foreach (var e in events)
        {
            e["account"] = "acct_1";
            Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);
            Assert.Equal(EventOutcome.Ignored, (await FindAsync(e))!.Outcome);
        }
        Assert.Equal("free", (await org.StatusAsync())["plan"]);
    }

    [Fact]
    public async Task Webhook_SenderHangsUpWhileItIsTakenIn_CancelsNothing()
    {
        var (org, events) = await BoughtAsync();
        var payload = events[0].ToJsonString();
        await using var blocker = _world.OpenDb();
        await using (await blocker.Database.BeginTransactionAsync())
        {
            // The intake waits for the org's row while the sender goes away.
            await blocker.LockOrgAsync(org.Id, CancellationToken.None);
            using (var socket = new TcpClient(_world.Url.Host, _world.Url.Port))
            {
                var request = $"POST /v1/billing/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nStripe-Signature: {Sign(payload)}\r\n"
                    + $"Content-Length: {Encoding.UTF8.GetByteCount(payload)}\r\n\r\n{payload}";
                await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
                await Eventually.Async(() => WaitingAsync(), waiting => waiting, "the intake waits for the org");
            }
        }
        await Eventually.Async(() => FindAsync(events[0]), row => row is not null, "the event is stored");
    }

    private async Task<bool> WaitingAsync()
    {
        await using var db = _world.OpenDb();
        var waiting = await db.Database.SqlQuery<int>(
            $"""
            SELECT count(*)::int AS "Value" FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM orgs%FOR UPDATE%'
            """).SingleAsync();
        return waiting > 0;
    }

    private DateTimeOffset Now => _world.Sandbox.Clock.GetUtcNow();

    private string Sign(string payload, string secret = BillingWorld.TestSecret) =>
        Stripe.EventUtility.GenerateSignatureHeader(payload, secret, Now.ToUnixTimeSeconds());

    /// <summary>An org that bought pro, and the events about it, none of which has been delivered.</summary>
    private async Task<(TestOrg Org, List<JsonNode> Events)> BoughtAsync()
    {
        var org = await TestOrg.CreateAsync(_world);
        return (org, await org.BuyUndeliveredAsync());
    }

    private async Task<StripeEvent?> FindAsync(JsonNode e)
    {
        await using var db = _world.OpenDb();
        var id = e["id"]!.ToString();
        return await db.StripeEvents.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id);
    }

    private async Task<string> SnapshotAsync(TestOrg org)
    {
        await using var db = _world.OpenDb();
        var row = await db.Orgs.AsNoTracking().SingleAsync(o => o.Id == org.Id);
        var events = await db.StripeEvents.CountAsync(e => e.OrgId == org.Id);
        return $"{row.Plan} {row.Status} {row.CurrentPeriodEnd} {row.Version} {events}";
    }
}
