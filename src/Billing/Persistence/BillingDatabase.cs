using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Persistence;

/// <summary>
/// Contexts from a pool that lends no more than it keeps. EF Core throws away what it has no room for, and a context that was lent before
/// keeps its connection then: the host would run out of them for good. So callers beyond that wait, as they would for a connection.
/// </summary>
internal sealed class BillingDatabase(IOptions<DatabaseOptions> options, IServiceProvider services) : IDbContextFactory<BillingDb>, IDisposable
{
    /// <summary>More than can work at a time, as each needs one of the pool's connections for that.</summary>
    internal const int Most = 512;

    private readonly SemaphoreSlim _free = new(Most);
    private readonly TimeSpan _patience = new NpgsqlConnectionStringBuilder(options.Value.ConnectionString).Timeout is > 0 and var seconds
        ? TimeSpan.FromSeconds(seconds)
        : Timeout.InfiniteTimeSpan;

    private readonly Lazy<PooledDbContextFactory<BillingDb>> _contexts = new(() => CreateContexts(options.Value.ConnectionString, services));

    /// <summary>When they are first used: EF Core takes long to set up, and a host that starts has other things to do.</summary>
    public static PooledDbContextFactory<BillingDb> CreateContexts(string connectionString, IServiceProvider services) => new(
        new DbContextOptionsBuilder<BillingDb>().UseNpgsql(connectionString).UseApplicationServiceProvider(services).Options, Most);

    /// <exception cref="NpgsqlException">None came free within the time that a connection is waited for.</exception>
    public BillingDb CreateDbContext() => _free.Wait(_patience) ? Lend(_contexts.Value.CreateDbContext) : throw NoneFree();

    /// <exception cref="NpgsqlException">None came free within the time that a connection is waited for.</exception>
    public async Task<BillingDb> CreateDbContextAsync(CancellationToken cancellationToken) =>
        await _free.WaitAsync(_patience, cancellationToken) ? Lend(_contexts.Value.CreateDbContext) : throw NoneFree();

    public void Dispose() => _free.Dispose();

    private BillingDb Lend(Func<BillingDb> take)
    {
        try
        {
            var db = take();
            db.LentFrom = _free;
            return db;
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    private static NpgsqlException NoneFree() => new("Too many callers use the database.", new TimeoutException());
}
