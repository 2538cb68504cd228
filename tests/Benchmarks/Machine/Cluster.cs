using LocalPostgres;
using Npgsql;

namespace Benchmarks.Machine;

/// <summary>
/// A durable PostgreSQL server of our own with a database for each side: the host's, and a copy of it for pgbench.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string Database = "billing";
    public const string YardstickDatabase = "yardstick";

    private readonly PostgresServer _server;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _yardstick;
    private readonly int _postmaster;

    private Cluster(PostgresServer server, int postmaster)
    {
        _server = server;
        // Without a pool, as databases with open connections cannot be copied.
        _source = NpgsqlDataSource.Create(server.ConnectionString(Database) + ";Pooling=false");
        _yardstick = NpgsqlDataSource.Create(server.ConnectionString(YardstickDatabase) + ";Pooling=false");
        _postmaster = postmaster;
    }

    public string ConnectionString => _server.ConnectionString(Database);

    public string YardstickConnectionString => _server.ConnectionString(YardstickDatabase);

    public string Host => _server.Host;

    public int Port => _server.Port;

    public string Version => _server.Version;

    /// <summary>The folder of the programs that the server was started from.</summary>
    public string Binaries => Path.GetDirectoryName(File.ResolveLinkTarget($"/proc/{_postmaster}/exe", returnFinalTarget: true)!.FullName)!;

    /// <summary>Of all its processes, also those that have ended.</summary>
    public TimeSpan ProcessorTime => ProcessTimes.OfFamily(_postmaster);

    public bool IsInMemory => new DriveInfo(_server.DataDirectory!).DriveFormat == "tmpfs";

    /// <summary>Whether its shared memory lies in huge pages: each of its processes maps all of that for itself, and a page's first touch is a fault.</summary>
    public bool HasHugePages => File.ReadLines($"/proc/{_postmaster}/smaps").Any(line => line.StartsWith("KernelPageSize:", StringComparison.Ordinal)
        && line.Contains(" 2048 kB", StringComparison.Ordinal));

    public static async Task<Cluster> StartAsync(CancellationToken cancellationToken)
    {
        var server = await PostgresServer.StartAsync(new PostgresOptions
        {
            AlwaysStart = true,
            Durable = true,
            Settings = new Dictionary<string, string>
            {
                ["max_connections"] = "450",
                // A quarter of the machine's memory, as PostgreSQL's manual says for a server.
                ["shared_buffers"] = $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / 1024 / 1024}MB",
                // No checkpoint in the turn of one side that another turn is spared.
                ["max_wal_size"] = "8GB",
                ["checkpoint_timeout"] = "30min",
            },
        }, cancellationToken);
        await server.CreateDatabaseAsync(Database, ct: cancellationToken);
        return new Cluster(server, await FindPostmasterAsync(server.ConnectionString(Database), cancellationToken));
    }

    public async Task CopyForYardstickAsync(CancellationToken cancellationToken)
    {
        await _server.CreateDatabaseAsync(YardstickDatabase, template: Database, cancellationToken);
        await ExecuteAsync("CHECKPOINT", cancellationToken);
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        command.CommandTimeout = 3600; // a million orgs take minutes
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>So that every round begins like the first.</summary>
    public async Task EmptyInboxesAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("TRUNCATE stripe_events", cancellationToken);
        await using var truncate = _yardstick.CreateCommand("TRUNCATE stripe_events");
        await truncate.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Bytes of write-ahead log since the server was made.</summary>
    public async Task<long> LogPositionAsync(CancellationToken cancellationToken) =>
        await ScalarAsync(_source, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint", cancellationToken);

    /// <summary>pgbench's; the bare intake has one of its own all the time.</summary>
    public Task<long> YardstickSessionsAsync(CancellationToken cancellationToken) =>
        ScalarAsync(_source, $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{YardstickDatabase}' AND application_name = 'pgbench'", cancellationToken);

    public Task<long> YardstickEventsAsync(CancellationToken cancellationToken) =>
        ScalarAsync(_yardstick, "SELECT count(*) FROM stripe_events", cancellationToken);

    public Task<long> CountAsync(string sql, CancellationToken cancellationToken) => ScalarAsync(_source, sql, cancellationToken);

    public NpgsqlCommand CreateCommand(string sql) => _source.CreateCommand(sql);

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _yardstick.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static async Task<int> FindPostmasterAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return ProcessTimes.ParentOf(connection.ProcessID);
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
