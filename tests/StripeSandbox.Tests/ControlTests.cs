using System.Text;
using System.Text.Json.Nodes;
using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests;

public sealed class ControlTests
{
    [Fact]
    public async Task Control_Health_Answers()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var health = JsonNode.Parse(await sandbox.Http.GetStringAsync("/_sandbox", TestContext.Current.CancellationToken))!;
        Assert.Equal("ok", health.Text("status"));
    }

    [Fact]
    public async Task Control_ClockAdvanced_MovesByOrTo()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var before = sandbox.Now;
        Assert.InRange((await PostAsync(sandbox, "clock/advance", """{"seconds": 3600}""")).Json.Number("now") - before, 3600, 3700);
        Assert.InRange((await PostAsync(sandbox, "clock/advance", $$"""{"to": {{before + 86400}}}""")).Json.Number("now") - before, 86400, 86500);
        Assert.InRange(JsonNode.Parse(await sandbox.Http.GetStringAsync("/_sandbox/clock", TestContext.Current.CancellationToken))!.Number("offset_seconds"), 86000, 86400);
    }

    [Fact]
    public async Task Answer_AfterTheClockWasAdvanced_IsDatedByTheSandboxsClock()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await PostAsync(sandbox, "clock/advance", """{"seconds": 864000}""");
        using var answer = await sandbox.Http.GetAsync("/v1/nothing", TestContext.Current.CancellationToken);
        Assert.InRange(answer.Headers.Date!.Value.ToUnixTimeSeconds() - sandbox.Now, -5, 0);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"seconds": -1}""")]
    [InlineData("""{"to": 1}""")]
    [InlineData("""{"seconds": 1, "to": 99999999999}""")]
    [InlineData("nonsense")]
    public async Task Control_ClockAdvancedWrongly_Is400(string body)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        Assert.Equal(400, (int)(await PostAsync(sandbox, "clock/advance", body)).Status);
    }

    [Fact]
    public async Task Control_PayHeadless_CompletesOrDeclines()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var session = await sandbox.NewAccount().SessionAsync();

        var declined = await PostAsync(sandbox, $"checkout/sessions/{session.Id()}/pay", """{"card": "4000000000009995"}""");
        var paid = await PostAsync(sandbox, $"checkout/sessions/{session.Id()}/pay", """{"card": "4242424242424242", "email": "buyer@example.com"}""");
        var again = await PostAsync(sandbox, $"checkout/sessions/{session.Id()}/pay", "{}");

        Assert.Equal((402, "insufficient_funds"), ((int)declined.Status, declined.Error.Text("decline_code")));
        Assert.Equal("complete", paid.Ok().Text("status"));
        Assert.Equal(400, (int)again.Status);
        Assert.Equal(404, (int)(await PostAsync(sandbox, "checkout/sessions/cs_none/pay", "{}")).Status);
    }

    [Fact]
    public async Task Log_RequestsAndDeliveries_NamesIdsAndNoSecrets()
    {
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var sandbox = await TestSandbox.StartAsync(options => options.Log = lines.Enqueue);
        await using var receiver = await Receiver.StartAsync();
        var api = sandbox.NewAccount();
        var endpoint = await receiver.RegisterAsync(api);
        await api.PostAsync("/v1/customers", ("email", "private@example.com"));

        await Eventually.HoldsAsync(() => lines.Count == 3, "three lines were logged");

        Assert.Contains(lines, line => line.StartsWith("200 POST /v1/customers [req_", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("200 customer.created [evt_", StringComparison.Ordinal) && line.EndsWith($"to {endpoint.Id()}, attempt 1", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(api.Key, StringComparison.Ordinal) || line.Contains("whsec_", StringComparison.Ordinal) || line.Contains("private@", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Url", "ftp://x")]
    [InlineData("DeliveryTimeout", "00:00:00")]
    [InlineData("MaxDeliveryAttempts", "0")]
    public async Task Options_OutOfRange_StopTheStartAndAreNamed(string name, string value)
    {
        var options = new SandboxOptions();
        var property = typeof(SandboxOptions).GetProperty(name)!;
        property.SetValue(options, System.ComponentModel.TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value));

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => SandboxHost.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<Answer> PostAsync(TestSandbox sandbox, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await sandbox.Http.PostAsync("/_sandbox/" + path, content, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }
}
