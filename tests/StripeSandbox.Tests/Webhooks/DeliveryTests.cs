using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Webhooks;

public sealed class DeliveryTests
{
    private static readonly Action<SandboxOptions> Quick = options => options.RetryBackoff = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Delivery_Made_IsSignedOverItsRawBody()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var api = sandbox.NewAccount();
        var endpoint = await receiver.RegisterAsync(api, "customer.created");
        Assert.Null((await api.GetAsync($"/v1/webhook_endpoints/{endpoint.Id()}"))["secret"]);

        await api.PostAsync("/v1/customers", ("name", "Zoë <&> \"quoted\""));
        await receiver.HasAsync(1);

        var received = receiver.Received[0];
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(endpoint.Text("secret")), Encoding.UTF8.GetBytes($"{received.SignedAt}.{received.Body}")));
        Assert.Equal($"t={received.SignedAt},v1={expected}", received.Signature);
        Assert.InRange(sandbox.Now - received.SignedAt, 0, 60);
        Assert.Equal("application/json; charset=utf-8", received.ContentType);
        Assert.StartsWith("{\n  \"id\": \"evt_", received.Body, StringComparison.Ordinal);
        Assert.Equal("Zoë <&> \"quoted\"", received.Event["data"]!["object"]!.Text("name"));
    }

    [Fact]
    public async Task Delivery_Succeeded_CountsDownPendingWebhooks()
    {
        await using var sandbox = await TestSandbox.StartAsync(Quick);
        await using var good = await Receiver.StartAsync();
        await using var bad = await Receiver.StartAsync();
        bad.Answering = _ => Task.FromResult(bad.Received.Count < 3 ? 500 : 200);
        var api = sandbox.NewAccount();
        await good.RegisterAsync(api);
        await bad.RegisterAsync(api);

        await api.PostAsync("/v1/customers");

        await Eventually.HoldsAsync(async () => (await api.EventsAsync())[0].Number("pending_webhooks") == 0, "both endpoints got the event");
        Assert.Equal(2, good.Received[0].Event.Number("pending_webhooks"));
        Assert.Equal(3, bad.Received.Count);
        Assert.Single(bad.Received.Select(received => received.Event.Id()).Distinct());
        Assert.Single((await api.GetAsync("/v1/events?delivery_success=true")).Data());
        Assert.Empty((await api.GetAsync("/v1/events?delivery_success=false")).Data());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(302)]
    [InlineData(404)]
    public async Task Delivery_NeverAccepted_IsGivenUp(int status)
    {
        await using var sandbox = await TestSandbox.StartAsync(options =>
        {
            Quick(options);
            options.MaxDeliveryAttempts = 3;
        });
        await using var receiver = await Receiver.StartAsync();
        receiver.Answering = _ => Task.FromResult(status);
        var api = sandbox.NewAccount();
        await receiver.RegisterAsync(api);

        await api.PostAsync("/v1/customers");

        await Eventually.HoldsAsync(async () => (await DeliveriesAsync(sandbox))[0].Text("state") == "failed", "the delivery was given up");
        Assert.Equal(3, receiver.Received.Count);
        var attempts = (await DeliveriesAsync(sandbox))[0]["attempts"]!.AsArray();
        Assert.All(attempts, attempt => Assert.Equal(status, attempt!.Number("status")));
        Assert.Single((await api.GetAsync("/v1/events?delivery_success=false")).Data());
    }

    [Fact]
    public async Task Delivery_EndpointThatHangs_BlocksNobodyElseAndTimesOut()
    {
        await using var sandbox = await TestSandbox.StartAsync(options =>
        {
            options.DeliveryTimeout = TimeSpan.FromSeconds(1);
            options.MaxDeliveryAttempts = 1;
            options.ConcurrentDeliveriesPerEndpoint = 1;
        });
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        var release = new TaskCompletionSource<int>();
        slow.Answering = _ => release.Task;
        var api = sandbox.NewAccount();
        await slow.RegisterAsync(api);
        await quick.RegisterAsync(api);

        for (var i = 0; i < 5; i++)
        {
            await api.PostAsync("/v1/customers");
        }

        await quick.HasAsync(5);
        await Eventually.HoldsAsync(async () => (await DeliveriesAsync(sandbox)).Any(delivery => delivery.Text("state") == "failed"
            && delivery["attempts"]![0]!.Text("error").Contains("no answer within 1 s", StringComparison.Ordinal)), "the attempt timed out");
        release.SetResult(200);
    }

    [Fact]
    public async Task Event_Resent_KeepsItsIdAndGetsAFreshSignature()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var api = sandbox.NewAccount();
        await receiver.RegisterAsync(api);
        await api.PostAsync("/v1/customers");
        await receiver.HasAsync(1);
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(10));

        using var resent = await sandbox.Http.PostAsync($"/_sandbox/events/{receiver.Received[0].Event.Id()}/resend", null, TestContext.Current.CancellationToken);
        await receiver.HasAsync(2);

        Assert.Equal(receiver.Received[0].Event.Id(), receiver.Received[1].Event.Id());
        Assert.True(receiver.Received[1].SignedAt >= receiver.Received[0].SignedAt + 600);
    }

    [Fact]
    public async Task Endpoint_OnlyOfItsTypes_DisabledOrOfAnotherAccount_GetsNothingElse()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var api = sandbox.NewAccount();
        var endpoint = await receiver.RegisterAsync(api, "product.created");
        await sandbox.NewAccount().PostAsync("/v1/products", ("name", "not mine"));
        await api.PostAsync("/v1/customers");
        await api.PostAsync("/v1/products", ("name", "mine"));
        await receiver.HasAsync(1);
        await api.PostAsync($"/v1/webhook_endpoints/{endpoint.Id()}", ("disabled", "true"));
        await api.PostAsync("/v1/products", ("name", "unheard"));
        await api.PostAsync($"/v1/webhook_endpoints/{endpoint.Id()}", ("disabled", "false"));
        await api.PostAsync("/v1/products", ("name", "heard again"));
        await receiver.HasAsync(2);

        Assert.Equal(["mine", "heard again"], receiver.Received.Select(received => received.Event["data"]!["object"]!.Text("name")));
        await api.DeleteAsync($"/v1/webhook_endpoints/{endpoint.Id()}");
        await api.PostAsync("/v1/products", ("name", "unheard"));
        Assert.Equal(0, (await api.EventsAsync())[^1].Number("pending_webhooks"));
    }

    [Fact]
    public async Task Endpoint_WithAnApiVersion_GetsEventsThatNameIt()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var api = sandbox.NewAccount();
        await api.PostAsync("/v1/webhook_endpoints", ("url", receiver.Url), ("enabled_events[]", "*"), ("api_version", "2026-06-24.dahlia"));
        await api.PostAsync("/v1/customers");
        await receiver.HasAsync(1);

        Assert.Equal("2026-06-24.dahlia", receiver.Received[0].Event.Text("api_version"));
        Assert.Equal("2026-07-29.dahlia", (await api.EventsAsync())[0].Text("api_version"));
    }

    [Fact]
    public async Task Events_Listed_FilterByTypeAndGroup()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        await api.SubscriptionAsync();

        Assert.Single((await api.GetAsync("/v1/events?type=invoice.paid")).Data());
        Assert.Equal(2, (await api.GetAsync("/v1/events?types[]=invoice.paid&types[]=customer.created")).Data().Length);
        Assert.All((await api.GetAsync("/v1/events?type=invoice.*")).Data(), json => Assert.StartsWith("invoice.", json.Text("type"), StringComparison.Ordinal));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(31));
        Assert.Empty((await api.GetAsync("/v1/events?type=customer.created")).Data());
    }

    private static async Task<JsonObject[]> DeliveriesAsync(TestSandbox sandbox) =>
        JsonNode.Parse(await sandbox.Http.GetStringAsync("/_sandbox/deliveries", TestContext.Current.CancellationToken))!.Data();
}
