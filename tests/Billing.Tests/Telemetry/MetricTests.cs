using System.Text.Json.Nodes;
using Billing.Authentication;
using Billing.StripeCalls;
using Billing.Tests.World;
using Billing.Webhooks;

namespace Billing.Tests.Telemetry;

/// <summary>What the instruments of meter <c>Billing</c> tell.</summary>
public sealed class MetricTests(BillingFixture fixture)
{
    private readonly BillingWorld _world = fixture.SilentWorld;

    [Fact]
    public async Task Deliveries_AreCountedByTypeAndOutcome_AndTypesOfNobodyTogether()
    {
        using var metrics = new Instruments();
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        var now = _world.Sandbox.Clock.GetUtcNow();
        var stranger = EventsByHand.Event("made.up_" + Guid.NewGuid().ToString("N"), new JsonObject(), now);
        var broken = EventsByHand.Event("customer.subscription.updated", subscription, now.AddSeconds(10));
        broken["data"]!["object"]!["items"] = "none";

        foreach (var e in new[] { stranger, stranger, broken })
        {
            Assert.Equal(200, (await _world.Events.DeliverAsync(e)).Status);
        }
        Assert.Equal(400, (await _world.Events.DeliverAsync("{}", "t=1,v1=00")).Status);

        var events = metrics.Heard.Where(heard => heard.Name == "billing.events").Select(heard => heard.Labels).ToList();
        Assert.Contains("type=other outcome=ignored", events);
        Assert.Contains("type=other outcome=duplicate", events);
        Assert.Contains("type=customer.subscription.updated outcome=parked", events);
        Assert.Contains("type=checkout.session.completed outcome=applied", events);
        Assert.All(events, labels => Assert.Contains(labels.Split(' ')[0]["type=".Length..], EventHandlers.Types.Append("other")));
        Assert.Contains(metrics.Heard, heard => heard is { Name: "billing.events.refused", Labels: "reason=signature" });
        Assert.All(metrics.Heard.Where(heard => heard.Name == "billing.intake.batch"), heard => Assert.InRange(heard.Value, 1, 128));
    }

    [Fact]
    public async Task Deliveries_ThatWereAnswered_WaitNoMore()
    {
        using var metrics = new Instruments();
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var e = EventsByHand.Event("invoice.created", new JsonObject(), world.Sandbox.Clock.GetUtcNow());
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => world.Events.DeliverAsync(e)));

        await Eventually.Async(
            () => Task.FromResult(metrics.Heard.Where(heard => heard.Name == "billing.intake.waiting").ToList()),
            heard => heard.Count >= 100, "each came and went");
    }

    [Fact]
    public async Task Credits_AreCountedByKind_OnceBooked()
    {
        using var metrics = new Instruments();
        var org = await TestOrg.CreateAsync(_world);
        await org.SubscribeByHandAsync();
        var service = await _world.CreateKeyAsync(Role.Service);

        // Amounts that no other test has.
        Assert.Equal(200, await DebitAsync(787));
        Assert.Equal(402, await DebitAsync(78_787));

        var credits = metrics.Heard.Where(heard => heard.Name == "billing.credits.booked").ToList();
        Assert.Contains(credits, heard => heard is { Value: 1000, Labels: "kind=grant" });
        Assert.Single(credits, heard => heard is { Value: 787, Labels: "kind=debit" });
        Assert.DoesNotContain(credits, heard => heard.Value == 78_787);

        async Task<int> DebitAsync(int amount)
        {
            using var client = _world.Client(service);
            client.DefaultRequestHeaders.Add("Billing-Org", org.Id);
            client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
            using var body = new StringContent($$"""{"amount":{{amount}}}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await client.PostAsync("/v1/billing/credits/debit", body);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task StripeCalls_AreTimedByOperation_WithoutIds()
    {
        using var metrics = new Instruments();
        await (await TestOrg.CreateAsync(_world)).SubscribeByHandAsync();

        var calls = metrics.Heard.Where(heard => heard.Name == "billing.stripe.duration").ToList();
        Assert.Contains(calls, heard => heard.Labels == "operation=POST /v1/checkout/sessions caller=request status=200");
        Assert.All(calls, heard => Assert.DoesNotMatch("_(test_)?[a-zA-Z]*[0-9]", heard.Labels));
    }

    [Theory]
    [InlineData("GET", "/v1/subscriptions/sub_1QAbCd?expand[]=latest_invoice", "GET /v1/subscriptions/{id}")]
    [InlineData("POST", "/v1/checkout/sessions/cs_test_a1/expire", "POST /v1/checkout/sessions/{id}/expire")]
    [InlineData("GET", "/v1/somebody", "GET /v1/{id}")]
    public void Operation_HasNothingButWordsOfStripes(string method, string path, string operation)
    {
        using var call = new HttpRequestMessage(new HttpMethod(method), new Uri("https://api.stripe.com" + path));
        Assert.Equal(operation, StripeMetrics.Operation(call));
    }

    [Fact]
    public async Task Inbox_WithParkedEvents_TellsTheirNumberAndTheAgeOfTheOldest()
    {
        await using var world = await fixture.StartWorldAsync(deliver: false);
        var watch = world.Service<InboxWatch>();
        Assert.Equal(new InboxState(0, TimeSpan.Zero), await watch.LookAsync(CancellationToken.None));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var content = new JsonObject { ["object"] = "subscription", ["id"] = "sub_1", ["items"] = "none" };
            var broken = EventsByHand.Event("customer.subscription.updated", content, world.Sandbox.Clock.GetUtcNow());
            Assert.Equal(200, (await world.Events.DeliverAsync(broken)).Status);
            await world.Sandbox.AdvanceAsync(TimeSpan.FromMinutes(10));
        }

        var state = await watch.LookAsync(CancellationToken.None);

        Assert.Equal(2, state.Parked);
        Assert.InRange(state.OldestParked, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(21));
    }
}
