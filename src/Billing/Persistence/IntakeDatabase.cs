using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Persistence;

/// <summary>
/// The webhook intake's own way to the database: one connection, as it stores one batch at a time. Other callers cannot use it up, and it stays
/// open and warm, where the common pool gives its connections out in turn.
/// </summary>
internal sealed class IntakeDatabase : IDbContextFactory<BillingDb>, IDisposable
{
    private readonly string _connectionString;
    private readonly Lazy<PooledDbContextFactory<BillingDb>> _contexts;

    public IntakeDatabase(IOptions<DatabaseOptions> options, IServiceProvider services)
    {
        // By the name, which operators see in pg_stat_activity, each host of a process has a pool of its own.
        var given = new NpgsqlConnectionStringBuilder(options.Value.ConnectionString) { MinPoolSize = 1, MaxPoolSize = 1 };
        given.ApplicationName = $"{given.ApplicationName ?? "billing"} intake {Guid.NewGuid().ToString("N")[..8]}";
        _connectionString = given.ConnectionString;
        _contexts = new(() => BillingDatabase.CreateContexts(_connectionString, services));
    }

    public BillingDb CreateDbContext() => _contexts.Value.CreateDbContext();

    public Task<BillingDb> CreateDbContextAsync(CancellationToken cancellationToken) => _contexts.Value.CreateDbContextAsync(cancellationToken);

    public void Dispose()
    {
        using var pooled = new NpgsqlConnection(_connectionString);
        NpgsqlConnection.ClearPool(pooled);
    }
}
