using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

public sealed class GivenServerTests(SharedServer shared)
{
    private readonly string _connectionString = shared.Server.ConnectionString("postgres");

    [Fact]
    public async Task ConnectionString_InTheOptions_StartsNothing()
    {
        await using (var given = await PostgresServer.StartAsync(new() { ConnectionString = _connectionString, DataDirectory = "/nowhere" }, Ct))
        {
            Assert.False(given.IsStarted);
            Assert.Null(given.DataDirectory);
            Assert.Equal((shared.Server.Host, shared.Server.Port, shared.Server.Version), (given.Host, given.Port, given.Version));
            await given.CreateDatabaseAsync("through_the_given", ct: Ct);
            Assert.Equal(1, await given.ScalarAsync<int>("SELECT 1", "through_the_given"));
        }

        Assert.Equal(1, await shared.Server.ScalarAsync<int>("SELECT 1"));
    }

    [Fact]
    public async Task ConnectionString_InTheEnvironment_StartsNothing()
    {
        var (program, held) = await ChildProgram.HoldAsync("given", variable: (PostgresOptions.ConnectionStringVariable, _connectionString));
        using (program)
        {
            Assert.Equal((null, null, shared.Server.Port), (held.Error, held.Folder, held.Port));
        }
    }

    [Fact]
    public async Task GivenServer_StoppedOrStarted_IsNotOursToTouch()
    {
        await using var given = await PostgresServer.StartAsync(new() { ConnectionString = _connectionString }, Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => given.StopAsync(ct: Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => given.StartAgainAsync(Ct));
    }

    [Fact]
    public async Task ConnectionString_OfNoServer_FailsWithoutItsPassword()
    {
        var failure = await Assert.ThrowsAsync<LocalPostgresException>(() => PostgresServer.StartAsync(
            new() { ConnectionString = $"Host=127.0.0.1;Port={FreePort.Pick()};Username=u;Password=hunter2" }, Ct));

        Assert.Contains("given by BILLING_PG or by the options, cannot be used", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectionString_AndAlwaysStart_ExcludeEachOther() =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => PostgresServer.StartAsync(new() { ConnectionString = _connectionString, AlwaysStart = true }, Ct));
}
