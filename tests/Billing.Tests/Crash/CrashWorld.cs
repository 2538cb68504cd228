using Billing.Persistence;
using Billing.Tests.World;
using LocalPostgres;
using Npgsql;

namespace Billing.Tests.Crash;

/// <summary>Two hosts, each a process, on a durable server of their own; any of the three can be killed and comes back.</summary>
internal sealed class CrashWorld : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly ServedProcess[] _hosts;

    private CrashWorld(PostgresServer server, BillingWorld world, ServedProcess[] hosts) => (_server, World, _hosts) = (server, world, hosts);

    /// <summary>With Stripe and the database. Its own host is stopped.</summary>
    public BillingWorld World { get; }

    public int Count => _hosts.Length;

    public Uri Url(int host) => _hosts[host].Url;

    /// <param name="prepare">What the orgs are to have before the hosts start.</param>
    public static async Task<CrashWorld> StartAsync(Func<BillingWorld, Task> prepare)
    {
        var server = await PostgresServer.StartAsync(new PostgresOptions { AlwaysStart = true, Durable = true });
        await server.CreateDatabaseAsync("billing");
        var database = server.ConnectionString("billing") + ";Maximum Pool Size=12";
        await using (var db = BillingFixture.OpenDb(database))
        {
            await Migrator.MigrateAsync(db, CancellationToken.None);
        }
        var world = await BillingWorld.StartAsync(database, deliver: false);
        await prepare(world);
        await world.StopHostsAsync();
        return new CrashWorld(server, world, await Task.WhenAll(StartHostAsync(world), StartHostAsync(world)));
    }

    /// <summary>As when a machine loses its power: nothing is tidied up.</summary>
    public async Task KillAndRestartHostAsync(int host)
    {
        await _hosts[host].KillAsync();
        _hosts[host].Dispose();
        _hosts[host] = await StartHostAsync(World);
    }

    public async Task CrashDatabaseAsync()
    {
        await _server.StopAsync(PostgresStop.Immediate);
        await _server.StartAgainAsync();
        using var broken = new NpgsqlConnection(World.ConnectionString);
        NpgsqlConnection.ClearPool(broken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            host.Dispose();
        }
        await World.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static Task<ServedProcess> StartHostAsync(BillingWorld world) =>
        ServedProcess.StartAsync(TestConfiguration.Create(world.ConnectionString, world.Sandbox.Url, BillingWorld.TestSecret));
}
