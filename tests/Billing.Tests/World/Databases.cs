using Billing.Persistence;
using Billing.Tests.World;
using LocalPostgres;
using Microsoft.EntityFrameworkCore;

[assembly: AssemblyFixture(typeof(Databases))]

namespace Billing.Tests.World;

/// <summary>One PostgreSQL for the whole test run, with a migrated template that each world copies.</summary>
public sealed class Databases : IAsyncLifetime
{
    private const string Template = "billing_template";

    private PostgresServer? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(new PostgresOptions { Durable = false });
        await _server.DropDatabaseAsync(Template);
        await _server.CreateDatabaseAsync(Template);
        await using var db = Open(_server.ConnectionString(Template));
        await Migrator.MigrateAsync(db, CancellationToken.None);
    }

    /// <summary>A migrated, empty database of its own.</summary>
    public async Task<string> CreateAsync()
    {
        var name = "t_" + Guid.NewGuid().ToString("N");
        await _server!.CreateDatabaseAsync(name, Template);
        return _server.ConnectionString(name);
    }

    internal static BillingDb Open(string connectionString) =>
        new(new DbContextOptionsBuilder<BillingDb>().UseNpgsql(connectionString).Options);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
