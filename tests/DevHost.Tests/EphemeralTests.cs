using DevHost.Tests.World;
using LocalPostgres;

namespace DevHost.Tests;

/// <summary>A run with <c>--ephemeral</c> leaves nothing, however it ends.</summary>
public sealed class EphemeralTests
{
    [Fact]
    public async Task Stopped_LeavesNothingAndSaysNothing()
    {
        await using var folder = new TemporaryFolder();
        await using var host = await RunningDevHost.StartAsync(folder, ["--ephemeral"]);
        var postgres = await PostgresOf.FindAsync(host.Ready);
        await host.Billing.BuyProAsync();

        Assert.Equal(0, await host.StopAsync("TERM"));

        Assert.False(postgres.Runs);
        Assert.Equal(["ready.json"], folder.Content);
        Assert.Empty(host.Error);
        Assert.DoesNotMatch("(?m)^[0-9:]+ (WRN|ERR|FTL) ", host.Output);
        Assert.DoesNotContain("shut", host.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Killed_LeavesNothing()
    {
        await using var folder = new TemporaryFolder();
        await using var host = await RunningDevHost.StartAsync(folder, ["--ephemeral"]);
        var postgres = await PostgresOf.FindAsync(host.Ready);
        Assert.True(Directory.Exists(postgres.Folder));

        await host.StopAsync("KILL");

        await Eventually.TrueAsync(() => !postgres.Runs && !Directory.Exists(postgres.Folder), "PostgreSQL and its folder are gone");
        Assert.Equal(["ready.json"], folder.Content);
    }

    [Fact]
    public async Task StartedByDotnetRun_ThatIsKilled_EndsWithIt()
    {
        await using var folder = new TemporaryFolder();
        await using var run = await RunningDevHost.StartAsync(folder, ["--ephemeral"], program: RunningDevHost.ByDotnetRun());
        var postgres = await PostgresOf.FindAsync(run.Ready);

        await run.StopAsync("KILL");

        await Eventually.TrueAsync(() => !postgres.Runs && !Directory.Exists(postgres.Folder), "PostgreSQL and its folder are gone");
    }

    [Fact]
    public async Task StoppedWhileStarting_LeavesNothing()
    {
        await using var folder = new TemporaryFolder();
        await using var host = RunningDevHost.Launch(folder, ["--ephemeral", "--ready-file", folder["ready.json"]]);
        // Not whatever comes first: the runtime leaves files there before the program can hear a signal.
        await Eventually.TrueAsync(() => folder.Content.Any(name => name.StartsWith("local-postgres-", StringComparison.Ordinal)), "PostgreSQL's folder is there");

        Assert.Equal(0, await host.StopAsync("INT"));

        await Eventually.TrueAsync(() => Shell.ProcessesWith(folder.Path).Count == 0, "PostgreSQL is gone");
        Assert.Empty(folder.Content);
        Assert.Empty(host.Error);
    }

    [Fact]
    public async Task SeveralAtOnce_DoNotMeet()
    {
        await using var folder = new TemporaryFolder();
        await using var other = new TemporaryFolder();
        var port = Ports.FindFree();
        var starting = RunningDevHost.StartAsync(folder, ["--ephemeral", "--port", $"{port}"]);
        await using var second = await RunningDevHost.StartAsync(other, ["--ephemeral"]);
        await using var first = await starting;

        await first.Billing.BuyProAsync();

        Assert.Equal($"http://localhost:{port}", first.Ready.BillingUrl);
        Assert.Equal("free", await second.Billing.PlanAsync());
    }

    [Fact]
    public async Task OnAGivenServer_UsesADatabaseOfItsOwnAndDropsIt()
    {
        await using var given = await PostgresServer.StartAsync(new PostgresOptions { AlwaysStart = true, Durable = false }, Eventually.Ct);
        await using var folder = new TemporaryFolder();
        await using var host = await RunningDevHost.StartAsync(
            folder, ["--ephemeral"], (PostgresOptions.ConnectionStringVariable, given.ConnectionString("postgres") + ";Password=p@ss/w'ord"));
        var database = host.Ready.DatabaseUrl.AbsolutePath.Trim('/');
        Assert.Equal(given.Port, host.Ready.DatabaseUrl.Port);
        Assert.Equal(database, await PostgresOf.ScalarAsync(host.Ready, "SELECT current_database()::text"));
        Assert.Equal("postgres:p%40ss%2Fw%27ord", host.Ready.DatabaseUrl.UserInfo);

        Assert.Equal(0, await host.StopAsync("TERM"));

        Assert.False(await given.DatabaseExistsAsync(database, Eventually.Ct));
    }
}
