using System.Text.Json.Nodes;
using Billing.Persistence;
using Billing.Tests.World;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Billing.Tests.Reconciliation;

/// <summary><c>billing reconcile</c> as operators run it.</summary>
public sealed class ReconcileCommandTests(DriftingWorld drifting) : IClassFixture<DriftingWorld>, IAsyncLifetime
{
    private readonly BillingWorld _world = drifting.World;
    private FaultyStripe _stripe = null!;

    public async ValueTask InitializeAsync() => _stripe = await FaultyStripe.StartAsync(_world);

    public ValueTask DisposeAsync() => _stripe.DisposeAsync();

    [Fact]
    public async Task Reconcile_ReportsThenRepairs_AndGoesOnAfterAnInterruption()
    {
        var org = await TestOrg.CreateAsync(_world);
        var events = await org.BuyUndeliveredAsync();

        var (code, output, error) = await RunAsync("--org", org.Id);
        Assert.Equal((1, "free"), (code, (await org.StatusAsync())["plan"]));
        Assert.StartsWith("DRIFT ", output);
        Assert.Contains("missing_subscription", output);
        Assert.EndsWith(" found, 0 repaired.", output.TrimEnd());

        _stripe.Intercept = async call => call.Request.Path == "/v1/subscriptions" && await FaultyStripe.AnswerAsync(call, 400, "invalid_request_error");
        (code, output, error) = await RunAsync("--org", org.Id, "--repair", "--json", "--reason", "lost webhooks");
        Assert.Equal(69, code);
        Assert.Contains("Stripe cannot be used: ", error);
        Assert.DoesNotContain("   at ", error);
        var found = output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(events.Count, found.Count);
        Assert.All(found, drift => Assert.Equal(
            ("missing_event", org.Id, true), (drift["type"]!.ToString(), drift["org"]!.ToString(), drift["repaired"]!.GetValue<bool>())));

        var listings = 0;
        _stripe.Intercept = call =>
        {
            listings += call.Request.Path == "/v1/events" ? 1 : 0;
            return Task.FromResult(false);
        };
        (code, _, error) = await RunAsync("--org", org.Id, "--repair", "--reason", "lost webhooks");
        Assert.Equal((0, 0), (code, listings));
        Assert.Contains($"which found {events.Count} and repaired {events.Count}", error);
        Assert.Equal("pro", (await org.StatusAsync())["plan"]);
        var entry = Assert.Single(await new Operations.OpsClient(_world).AuditAsync(org.Id), entry => entry.Action == "reconcile_and_repair");
        Assert.Equal("lost webhooks", entry.Reason);
        Assert.StartsWith("cli:", entry.Actor);

        Assert.Equal((0, "No drift."), await RunAsync("--org", org.Id) is var last ? (last.Code, last.Output.Trim()) : default);
    }

    [Fact]
    public async Task Event_ThatMakesAPageUnreadable_IsReceivedAndParked()
    {
        var org = await TestOrg.CreateAsync(_world);
        var subscription = await org.SubscribeByHandAsync();
        subscription["trial_end"] = "soon";
        var broken = EventsByHand.Event("customer.subscription.updated", subscription, _world.Sandbox.Clock.GetUtcNow());
        _stripe.Intercept = async call =>
        {
            if (call.Request.Path != "/v1/events")
            {
                return false;
            }
            call.Response.ContentType = "application/json";
            await call.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray(broken.DeepClone()),
                ["has_more"] = false,
                ["url"] = "/v1/events",
            }.ToJsonString()));
            return true;
        };

        Assert.Equal(0, (await RunAsync("--org", org.Id, "--repair", "--reason", "lost webhooks")).Code);

        await using var db = _world.OpenDb();
        var id = broken["id"]!.ToString();
        Assert.Equal(EventOutcome.Parked, (await db.StripeEvents.SingleAsync(row => row.Id == id)).Outcome);
    }

    [Fact]
    public async Task Repair_WhereTheClockIsWrong_IsRefused_WhileAReportIsNot()
    {
        var org = await TestOrg.CreateAsync(_world);
        await org.BuyUndeliveredAsync();
        _stripe.Intercept = async call =>
        {
            if (call.Request.Path != "/v1/prices")
            {
                return false;
            }
            call.Response.Headers.Date = DateTimeOffset.UtcNow.AddMinutes(-2).ToString("R");
            await call.Response.WriteAsJsonAsync(new { @object = "list", data = Array.Empty<object>(), has_more = false, url = "/v1/prices" });
            return true;
        };

        var (code, _, error) = await RunAsync("--org", org.Id, "--repair", "--reason", "lost webhooks");
        Assert.Equal((78, "free"), (code, (await org.StatusAsync())["plan"]));
        Assert.Matches("clock is 1[12][0-9] seconds ahead of Stripe's", error);
        Assert.Equal(1, (await RunAsync("--org", org.Id)).Code);

        var elsewhere = await _world.StartSecondHostAsync(_stripe.Settings);
        var key = await _world.CreateKeyAsync(Authentication.Role.Operator);
        var answer = await _world.SendAsync(
            HttpMethod.Post, "/v1/ops/reconcile", key, $$"""{"org":"{{org.Id}}","repair":true,"reason":"lost"}""", host: elsewhere);
        Assert.Equal((409, "wrong_clock"), (answer.Status, answer["error.details.reason"]));

        _stripe.Intercept = _ => Task.FromResult(false);
        Assert.Equal(0, (await RunAsync("--org", org.Id, "--repair", "--reason", "lost webhooks")).Code);
    }

    [Theory]
    [InlineData(1, "--repair")]
    [InlineData(1, "--org", "nobody")]
    [InlineData(1, "--days", "0")]
    [InlineData(1, "--days", "366")]
    public async Task Reconcile_UsedWrongly_SaysSo(int code, params string[] args)
    {
        var (actual, output, error) = await RunAsync(args);
        Assert.Equal(code, actual);
        Assert.DoesNotContain("DRIFT", output);
        Assert.NotEmpty(error);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var settings = TestConfiguration.Create(_world.ConnectionString, _world.Sandbox.Url, BillingWorld.TestSecret);
        foreach (var (key, value) in _stripe.Settings)
        {
            settings[key] = value;
        }
        return CommandLine.RunAsync(settings, ["reconcile", .. args]);
    }
}
