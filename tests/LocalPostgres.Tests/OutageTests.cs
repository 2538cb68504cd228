using Npgsql;
using static LocalPostgres.Tests.Testing;

namespace LocalPostgres.Tests;

public sealed class OutageTests
{
    [Theory]
    [InlineData(PostgresStop.Fast)]
    [InlineData(PostgresStop.Immediate)]
    public async Task Server_StoppedAndStartedAgain_KeepsDataAndPort(PostgresStop how)
    {
        await using var server = await StartAsync(durable: true);
        await server.ScalarAsync<int>("CREATE TABLE kept AS SELECT 1; SELECT 1");
        var port = server.Port;

        await server.StopAsync(how, Ct);
        await server.StopAsync(how, Ct);
        await Assert.ThrowsAsync<NpgsqlException>(() => server.ScalarAsync<int>("SELECT 1"));

        await server.StartAgainAsync(Ct);
        await server.StartAgainAsync(Ct);
        Assert.Equal(port, server.Port);
        Assert.Equal(1L, await server.ScalarAsync<long>("SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task Server_Killed_StartsAgain()
    {
        await using var server = await StartAsync(durable: true);
        await server.ScalarAsync<int>("CREATE TABLE kept AS SELECT 1; SELECT 1");
        var postmaster = server.Postmaster();

        Kill(postmaster);
        await EventuallyAsync(() => IsGone(postmaster), "the killed server is gone");
        await server.StartAgainAsync(Ct);

        Assert.Equal(1L, await server.ScalarAsync<long>("SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task Servers_StartedAtOnce_DoNotMeet()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync()));
        try
        {
            Assert.Equal(3, servers.Select(s => s.Port).Distinct().Count());
            Assert.Equal(3, servers.Select(s => s.DataDirectory).Distinct().Count());
            await servers[0].CreateDatabaseAsync("only_here", ct: Ct);
            Assert.False(await servers[1].DatabaseExistsAsync("only_here", Ct));
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }

        await servers[0].DisposeAsync();
        Assert.All(servers, s => Assert.False(Directory.Exists(s.DataDirectory)));
    }
}
