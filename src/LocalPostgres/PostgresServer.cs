using System.Text;
using Npgsql;

namespace LocalPostgres;

/// <summary>
/// A PostgreSQL server for development and tests: one that is given, or one that is started for this process and ends
/// with it, even when it is killed.
/// </summary>
/// <remarks>
/// A started server listens on 127.0.0.1 only and trusts who connects there: every user of the machine can reach it as
/// its superuser. Nothing of value belongs in it. Safe for use by several threads.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    // PostgreSQL cuts longer names off, silently.
    private const int LongestName = 63;

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly LocalCluster? _cluster;

    private PostgresServer(NpgsqlConnectionStringBuilder connection, LocalCluster? cluster)
    {
        _connection = connection;
        _cluster = cluster;
    }

    public string Host => _connection.Host!;

    public int Port => _connection.Port;

    /// <summary>The server's version, such as <c>15.18</c>.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Where the data really is (see <see cref="PostgresOptions.DataDirectory"/>); null for a given server.</summary>
    public string? DataDirectory => _cluster?.Folder;

    /// <summary>Whether this process started the server; else it was given by a connection string.</summary>
    public bool IsStarted => _cluster is not null;

    /// <summary>Starts a server and waits until it takes connections: about a second for a new one.</summary>
    /// <exception cref="LocalPostgresException">No server was found, started or reached; the message says what to do.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="PlatformNotSupportedException">On Windows, unless a connection string is given.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ServerSettings.Validate(options);

        if (Given(options) is { } given)
        {
            return await ReachAsync(new(given, cluster: null), ct);
        }

        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException($"On Windows, set {PostgresOptions.ConnectionStringVariable} to a running server.");
        }

        var _cluster = await LocalCluster.StartAsync(options, BinarySearch.FromEnvironment(), ct);
        return await ReachAsync(new(Local(_cluster.Port), _cluster), ct);
    }

    /// <summary>An Npgsql connection string; the database need not exist yet.</summary>
    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Database = database }.ConnectionString;

    /// <param name="name">1 to 63 bytes of UTF-8, any characters but NUL.</param>
    /// <param name="template">A database to copy, in a fraction of the time that migrating takes. Nobody may be
    /// connected to it; this process's idle pooled connections are closed.</param>
    /// <param name="ct">Cancels the waiting.</param>
    /// <exception cref="PostgresException">42P04: there is one of that name. 55006: the template is in use.</exception>
    public Task CreateDatabaseAsync(string name, string? template = null, CancellationToken ct = default)
    {
        if (template is null)
        {
            return ExecuteAsync($"CREATE DATABASE {Quoted(name)}", ct);
        }

        ClosePool(template);
        return ExecuteAsync($"CREATE DATABASE {Quoted(name)} TEMPLATE {Quoted(template)}", ct);
    }

    /// <summary>Drops a database and ends its sessions; does nothing if there is none of that name.</summary>
    public Task DropDatabaseAsync(string name, CancellationToken ct = default)
    {
        ClosePool(name);
        return ExecuteAsync($"DROP DATABASE IF EXISTS {Quoted(name)} WITH (FORCE)", ct);
    }

    public async Task<bool> DatabaseExistsAsync(string name, CancellationToken ct = default)
    {
        await using var admin = await OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", admin);
        command.Parameters.Add(new() { Value = name });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Stops the server, keeping its data, until <see cref="StartAgainAsync"/>: an outage. Safe to repeat.</summary>
    /// <exception cref="InvalidOperationException">The server was given.</exception>
    public Task StopAsync(PostgresStop how = PostgresStop.Fast, CancellationToken ct = default) => Own().StopAsync(how, ct);

    /// <summary>Starts the server again on the same data and port. Does nothing while it runs.</summary>
    /// <remarks>Pooled connections from before the outage are broken: each fails once when it is used.</remarks>
    /// <exception cref="InvalidOperationException">The server was given.</exception>
    /// <exception cref="LocalPostgresException">It did not start, for instance because the port was taken meanwhile.</exception>
    public Task StartAgainAsync(CancellationToken ct = default) => Own().StartAgainAsync(ct);

    /// <summary>Stops a started server and removes its temporary folder. A given one is left alone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static NpgsqlConnectionStringBuilder? Given(PostgresOptions options)
    {
        var text = options.ConnectionString;
        if (text is null && !options.AlwaysStart)
        {
            text = Environment.GetEnvironmentVariable(PostgresOptions.ConnectionStringVariable);
        }

        return string.IsNullOrWhiteSpace(text) ? null : new(text);
    }

    private static NpgsqlConnectionStringBuilder Local(int port) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Username = "postgres",
        Database = "postgres",
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        IncludeErrorDetail = true,
    };

    private static async Task<PostgresServer> ReachAsync(PostgresServer server, CancellationToken ct)
    {
        try
        {
            await using var admin = await server.OpenAsync(ct);
            server.Version = admin.PostgreSqlVersion.ToString();
            return server;
        }
        catch (Exception e)
        {
            await server.DisposeAsync();
            if (e is not NpgsqlException)
            {
                throw;
            }

            var origin = server.IsStarted ? "just started" : $"given by {PostgresOptions.ConnectionStringVariable} or by the options";
            throw new LocalPostgresException($"The PostgreSQL server at {server.Host}:{server.Port}, {origin}, cannot be used: {e.Message}", e);
        }
    }

    private static string Quoted(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(name) > LongestName)
        {
            throw new ArgumentException($"'{name}' is no name for a database: 1 to {LongestName} bytes, no NUL.", nameof(name));
        }

        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private LocalCluster Own() =>
        _cluster ?? throw new InvalidOperationException("The server was given by a connection string: it is not ours to stop or start.");

    private void ClosePool(string database)
    {
        using var pooled = new NpgsqlConnection(ConnectionString(database));
        NpgsqlConnection.ClearPool(pooled);
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var admin = await OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        // Not pooled: a connection kept open would hold the administrative database, and break in an outage.
        var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connection.ConnectionString)
        {
            Pooling = false,
            Database = _connection.Database ?? "postgres",
        }.ConnectionString);
        await admin.OpenAsync(ct);
        return admin;
    }
}
