using System.Collections.Concurrent;
using Billing.Doctor;
using Billing.Tests.Setup;
using Billing.Tests.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StripeSandbox.Faults;

namespace Billing.Tests.Doctor;

/// <summary>A host checks itself once it serves: a line for each finding, and nothing waits for it.</summary>
public sealed class CheckAtStartTests(BillingFixture databases, AccountsFixture accounts) : IClassFixture<AccountsFixture>, IAsyncLifetime
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = [];
    private DoctorWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await DoctorWorld.StartAsync(databases, accounts);
        _world.Settings["Billing:CheckAtStart"] = "true";
    }

    public async ValueTask DisposeAsync()
    {
        accounts.Sandbox.Faults.Clear();
        await _world.DisposeAsync();
    }

    [Theory]
    [InlineData("Production", LogLevel.Error, "mode_test")]
    [InlineData("Development", LogLevel.Warning)]
    public async Task Serve_WithAnError_LogsALineForIt_AndServes(string environment, LogLevel level, string? warning = null)
    {
        _world.Environment = environment;
        _world.Settings["Billing:Plans:pro:Monthly:Amount"] = "1";

        await using var host = _world.Build(services => services.AddSingleton<ILogger<CheckAtStart>>(new Lines(_lines)));
        await host.StartAsync();
        await Eventually.Async(() => Task.FromResult(_lines.Count), count => count == (warning is null ? 1 : 2), "the findings are logged");

        var error = Assert.Single(_lines, line => line.Text.Contains("price_amount", StringComparison.Ordinal));
        Assert.Equal(level, error.Level);
        Assert.Contains("billing stripe setup", error.Text);
        Assert.All(_lines.Where(line => line != error), line => Assert.Equal((LogLevel.Warning, true), (line.Level, line.Text.Contains(warning!))));
        Assert.Equal(200, await ReadyAsync(host.Urls.Single()));
        await host.StopAsync();
    }

    [Fact]
    public async Task Serve_WhileStripeIsSilent_IsReadyAtOnce_AndLogsOneLine()
    {
        _world.Settings["Stripe:Timeout"] = "00:00:01";
        accounts.Sandbox.Faults.Add(new CallFault(CallFaultKind.Timeout) { Wait = TimeSpan.FromMinutes(1) });

        await using var host = _world.Build(services => services.AddSingleton<ILogger<CheckAtStart>>(new Lines(_lines)));
        await host.StartAsync();
        Assert.Equal(200, await ReadyAsync(host.Urls.Single()));
        Assert.Empty(_lines);

        await Eventually.Async(() => Task.FromResult(_lines.Count), count => count > 0, "the outage is logged");
        await host.StopAsync();
        Assert.Contains("stripe_unreachable", Assert.Single(_lines).Text);
    }

    [Fact]
    public async Task Serve_StoppedWhileItChecks_StopsAtOnceAndQuietly()
    {
        accounts.Sandbox.Faults.Add(new CallFault(CallFaultKind.Timeout) { Wait = TimeSpan.FromMinutes(1) });
        await using var host = _world.Build(services => services.AddSingleton<ILogger<CheckAtStart>>(new Lines(_lines)));
        await host.StartAsync();
        await Eventually.Async(() => Task.FromResult(accounts.Sandbox.Faults.All[0].Struck), struck => struck > 0, "Stripe is asked");

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await host.StopAsync();

        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 10);
        Assert.Empty(_lines);
    }

    private static async Task<int> ReadyAsync(string url)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(url + "/health/ready"));
        return (int)answer.StatusCode;
    }

    private sealed class Lines(ConcurrentQueue<(LogLevel, string)> lines) : ILogger<CheckAtStart>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel, formatter(state, exception) + exception));
    }
}
