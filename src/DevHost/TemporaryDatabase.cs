using LocalPostgres;

namespace DevHost;

/// <summary>A database on a server that was given to us and outlives us: it is dropped at the end.</summary>
internal sealed class TemporaryDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await server.DropDatabaseAsync(name);
}
