using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Billing.Tests.World;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace Billing.Tests.Telemetry;

/// <summary>Traces and metrics leave the host once it is told where to; one trace id follows a request everywhere but to Stripe.</summary>
public sealed class OtlpTests(BillingFixture fixture)
{
    [Fact]
    public async Task Request_IsOneTrace_ThroughDatabaseStripeAndLog_AndStripeIsToldNothing()
    {
        await using var collector = await Collector.StartAsync();
        await using var world = await fixture.StartWorldAsync(deliver: false);
        await using var stripe = await FaultyStripe.StartAsync(world);
        var headers = new ConcurrentBag<string>();
        stripe.Intercept = call =>
        {
            foreach (var header in call.Request.Headers)
            {
                headers.Add(header.Key.ToLowerInvariant());
            }
            return Task.FromResult(false);
        };
        var traced = await world.StartSecondHostAsync(new Dictionary<string, string?>(collector.Settings.Concat(stripe.Settings))
        {
            ["Serilog:MinimumLevel:Default"] = "Information",
        });
        var org = await TestOrg.CreateAsync(world);

        var trace = ActivityTraceId.CreateRandom();
        using var client = world.Client(org.OwnerKey, traced);
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        using var body = new StringContent("""{"plan":"pro"}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/billing/checkout", body);
        var answer = await ApiAnswer.ReadAsync(response);

        Assert.Equal(200, answer.Status);
        Assert.All(CapturedLog.Of(answer), line => Assert.Equal(trace, line.TraceId));
        Assert.NotEmpty(CapturedLog.Of(answer));
        Assert.Contains("authorization", headers);
        Assert.DoesNotContain(headers, header => header is "traceparent" or "tracestate" or "baggage" or "request-id" or "correlation-context");
        var id = Encoding.Latin1.GetString(Convert.FromHexString(trace.ToHexString()));
        foreach (var source in new[] { "Microsoft.AspNetCore", "System.Net.Http", "Npgsql" })
        {
            await Eventually.Async(
                () => Task.FromResult(collector.Traces), text => text.Contains(source) && text.Contains(id), source + " is traced");
        }
        await Eventually.Async(
            () => Task.FromResult(collector.Traces.Split(id).Length), spans => spans > 5, "the request, its queries and its calls are spans of the trace");
        await Eventually.Async(
            () => Task.FromResult(collector.Traces), text => text.Contains("POST /v1/billing/checkout"), "the request's span has a name");
        Assert.DoesNotContain("Application Name", collector.Traces);
        Assert.Null(LogSecrets.Find(collector.Traces));
    }

    [Theory]
    [InlineData(Collector.Grpc)]
    [InlineData(Collector.Http)]
    public async Task Webhook_AndItsTransaction_AreOneTrace_AndMetricsAreExported(string protocol)
    {
        await using var collector = await Collector.StartAsync(protocol);
        await using var world = await fixture.StartWorldAsync(deliver: false, collector.Settings);
        var org = await TestOrg.CreateAsync(world);
        // The sender is of this process too: without a span of its own it would count as one of the workers' calls, which are left out.
        using var sender = new Activity("sender") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

        await org.SubscribeByHandAsync();

        var id = Encoding.Latin1.GetString(Convert.FromHexString(sender.TraceId.ToHexString()));
        await Eventually.Async(
            () => Task.FromResult(collector.Traces), text => Regex.IsMatch(text, Regex.Escape(id) + "(?s).{0,60}store events"), "the intake is traced in the sender's trace");
        foreach (var name in new[] { "billing.events", "billing.intake.batch", "billing.credits.booked", "billing.stripe.duration", "http.server.request.duration" })
        {
            await Eventually.Async(() => Task.FromResult(collector.Metrics), text => text.Contains(name), name + " is exported");
        }
        Assert.DoesNotContain("Application Name", collector.Metrics);
        Assert.DoesNotContain("cs_test_", collector.Metrics);
    }

    [Fact]
    public void Host_ThatIsNotToldWhere_HasNoTelemetry()
    {
        Assert.Null(fixture.World.Service<IServiceProvider>().GetService<TracerProvider>());
    }
}
