using System.Collections.Concurrent;
using Billing.Persistence;
using Billing.Tests.World;
using LocalPostgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

[assembly: AssemblyFixture(typeof(BillingFixture))]

namespace Billing.Tests.World;

/// <summary>One PostgreSQL for the whole test run with a migrated template to copy, and the two worlds that most tests share.</summary>
public sealed class BillingFixture : IAsyncLifetime
{
    private const string Template = "billing_template";
    private const int PoolSize = 12;

    /// <summary>For a dozen worlds and more at once: xUnit runs as many tests at a time as the machine has processors.</summary>
    private const string Connections = "500";

    private readonly ConcurrentBag<string> _emptied = [];
    private PostgresServer? _server;
    private EmptyDatabase? _empty;

    /// <summary>Here the sandbox delivers its events by itself.</summary>
    public BillingWorld World { get; private set; } = null!;

    /// <summary>Here nothing is delivered but what a test delivers.</summary>
    public BillingWorld SilentWorld { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(new PostgresOptions
        {
            Durable = false,
            Settings = new Dictionary<string, string> { ["max_connections"] = Connections },
        });
        await _server.DropDatabaseAsync(Template);
        await _server.CreateDatabaseAsync(Template);
        await using (var db = OpenDb(_server.ConnectionString(Template)))
        {
            await Migrator.MigrateAsync(db, CancellationToken.None);
        }
        _empty = await EmptyDatabase.LookAtAsync(_server.ConnectionString(Template));
        World = await StartWorldAsync();
        SilentWorld = await StartWorldAsync(deliver: false);
    }

    /// <summary>A database of its own for a test that needs one; migrated unless asked otherwise.</summary>
    public async Task<string> CreateDatabaseAsync(bool migrated = true)
    {
        var name = "t_" + Guid.NewGuid().ToString("N");
        await _server!.CreateDatabaseAsync(name, migrated ? Template : null);
        // Small pools: the worlds of a run share one server, which may be a given one with room for 100 connections.
        return _server.ConnectionString(name) + $";Maximum Pool Size={PoolSize}";
    }

    /// <summary>
    /// A world of its own for a test that needs one. Its database may be one that another world has left: emptied, and with connections
    /// that are open already, as both take PostgreSQL longer than most tests.
    /// </summary>
    /// <inheritdoc cref="BillingWorld.StartAsync" path="/param"/>
    public async Task<BillingWorld> StartWorldAsync(
        bool deliver = true, IReadOnlyDictionary<string, string?>? settings = null, DateTimeOffset? startTime = null) =>
        await BillingWorld.StartAsync(await LendDatabaseAsync(), deliver, settings, startTime, GiveBackAsync);

    /// <summary>A migrated, empty database until <see cref="GiveBackAsync"/>.</summary>
    public async Task<string> LendDatabaseAsync() => _emptied.TryTake(out var left) ? left : await CreateDatabaseAsync();

    /// <summary>Lends it to others if it can be made as it was; a test may have changed its schema.</summary>
    public async Task GiveBackAsync(string connectionString)
    {
        if (await _empty!.RestoreAsync(connectionString))
        {
            _emptied.Add(connectionString);
        }
        else
        {
            await DropDatabaseAsync(connectionString);
        }
    }

    /// <summary>For tests that go through many databases; the others go with the server.</summary>
    public Task DropDatabaseAsync(string connectionString) =>
        _server!.DropDatabaseAsync(new NpgsqlConnectionStringBuilder(connectionString).Database!);

    internal static BillingDb OpenDb(string connectionString) =>
        new(new DbContextOptionsBuilder<BillingDb>().UseNpgsql(connectionString).Options);

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? part in new IAsyncDisposable?[] { World, SilentWorld, _server })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }
}
