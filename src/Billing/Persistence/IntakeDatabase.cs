using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;

namespace Billing.Persistence;

/// <summary>The webhook intake's own way to the database: one connection, as it stores one batch at a time.</summary>
internal sealed class IntakeDatabase : IDbContextFactory<BillingDb>, IDisposable
{
    private readonly OwnConnection _connection;
    private readonly Lazy<PooledDbContextFactory<BillingDb>> _contexts;

    public IntakeDatabase(IOptions<DatabaseOptions> options, IServiceProvider services)
    {
        _connection = new OwnConnection(options, "intake");
        _contexts = new(() => BillingDatabase.CreateContexts(_connection.String, services));
    }

    public BillingDb CreateDbContext() => _contexts.Value.CreateDbContext();

    public Task<BillingDb> CreateDbContextAsync(CancellationToken cancellationToken) => _contexts.Value.CreateDbContextAsync(cancellationToken);

    public void Dispose() => _connection.Dispose();
}
