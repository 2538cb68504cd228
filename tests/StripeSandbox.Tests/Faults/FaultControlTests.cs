using System.Text.Json.Nodes;
using StripeSandbox.Faults;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Faults;

public sealed class FaultControlTests
{
    [Fact]
    public async Task Faults_AddedListedAndRemoved_OverTheControlApi()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();

        var error = (await AddAsync(sandbox, """{"on": "call", "kind": "rate_limit", "operation": "GET /v1/customers", "retry_after": 2}""")).Ok();
        (await AddAsync(sandbox, """{"kind": "delay", "on": "delivery", "event": "invoice.*", "delay": 90, "probability": 0.5, "seed": 3}""")).Ok();
        (await AddAsync(sandbox, """{"on": "charge", "customer": "cus_x", "count": 3}""")).Ok();
        Assert.Equal(429, (int)(await api.SendAsync(HttpMethod.Get, "/v1/customers")).Status);

        var listed = (await sandbox.ControlAsync("faults", method: HttpMethod.Get)).Ok().Data();
        Assert.Equal([error.Id(), listed[1].Id(), listed[2].Id()], listed.Select(fault => fault.Id()));
        Assert.Equal(["call", "delivery", "charge"], listed.Select(fault => fault.Text("on")));
        Assert.Equal((1, 1), (listed[0].Number("fitted"), listed[0].Number("struck")));
        Assert.Equal(90, listed[1]["delay"]!.GetValue<double>());
        Assert.Equal(TimeSpan.FromSeconds(90), Assert.IsType<DeliveryFault>(sandbox.Host.Faults.All[1].Fault).Delay);

        Assert.Equal(2, (await sandbox.ControlAsync($"faults/{error.Id()}", method: HttpMethod.Delete)).Ok().Data().Length);
        Assert.Equal(200, (int)(await api.SendAsync(HttpMethod.Get, "/v1/customers")).Status);
        Assert.Equal(404, (int)(await sandbox.ControlAsync($"faults/{error.Id()}", method: HttpMethod.Delete)).Status);
        Assert.Empty((await sandbox.ControlAsync("faults", method: HttpMethod.Delete)).Ok().Data());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"on": "moon"}""")]
    [InlineData("""{"on": "call"}""")]
    [InlineData("""{"on": "call", "kind": "explode"}""")]
    [InlineData("""{"on": "call", "kind": "error", "status": 404}""")]
    [InlineData("""{"on": "call", "kind": "error", "operation": "GET /v1/customer"}""")]
    [InlineData("""{"on": "call", "kind": "slow", "wait": 0}""")]
    [InlineData("""{"on": "call", "kind": "slow", "wait": 1e300}""")]
    [InlineData("""{"on": "call", "kind": "rate_limit", "after_commit": true}""")]
    [InlineData("""{"on": "delivery", "kind": "drop", "count": 0}""")]
    [InlineData("""{"on": "delivery", "kind": "drop", "probability": 1.1}""")]
    [InlineData("""{"on": "delivery", "kind": "drop", "type": "invoice.paid"}""")]
    [InlineData("""{"on": "charge"}""")]
    [InlineData("""{"on": "charge", "customer": "cus_x", "decline_code": "sad"}""")]
    public async Task Fault_ThatIsNone_Is400(string body)
    {
        await using var sandbox = await TestSandbox.StartAsync();

        Assert.Equal(400, (int)(await AddAsync(sandbox, body)).Status);
        Assert.Empty(sandbox.Host.Faults.All);
    }

    [Fact]
    public async Task Deliveries_SettledOverTheControlApi_TellWhatIsToCome()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var api = sandbox.NewAccount();
        await receiver.RegisterAsync(api);
        await AddAsync(sandbox, """{"on": "delivery", "kind": "delay", "event": "customer.created"}""");

        await api.PostAsync("/v1/customers");
        await api.PostAsync("/v1/products", ("name", "Pro"));
        var settled = await sandbox.ControlAsync("deliveries/settle");

        Assert.Equal(1, settled.Ok().Number("to_come"));
        Assert.Equal(["product.created"], receiver.Types);
    }

    private static Task<Answer> AddAsync(TestSandbox sandbox, string body) => sandbox.ControlAsync("faults", JsonNode.Parse(body)!.AsObject());
}
