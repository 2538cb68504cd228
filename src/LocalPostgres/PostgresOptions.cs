namespace LocalPostgres;

/// <summary>Which server to use, and how to start one. The defaults give a temporary server on a free port.</summary>
public sealed class PostgresOptions
{
    /// <summary>The environment variable that holds the connection string of a running server.</summary>
    public const string ConnectionStringVariable = "BILLING_PG";

    /// <summary>The environment variable that names the folder of <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</summary>
    public const string BinariesVariable = "BILLING_PG_BIN";

    /// <summary>
    /// An Npgsql connection string of a running server, whose user may create databases. It wins over everything
    /// else here: nothing is started. Default: the environment variable <c>BILLING_PG</c>, else none.
    /// </summary>
    public string? ConnectionString { get; init; }

    /// <summary>
    /// Starts a server of our own even when <c>BILLING_PG</c> is set: for tests that stop and start it.
    /// Default: false. <see cref="ConnectionString"/> must then be null.
    /// </summary>
    public bool AlwaysStart { get; init; }

    /// <summary>
    /// The folder that keeps the data between runs; made if missing, used by one process at a time, and owned by
    /// the user the server runs as. Default: null, a temporary folder that is removed with the server.
    /// </summary>
    /// <remarks>
    /// PostgreSQL refuses to run as root, so under root the server runs as <c>nobody</c>. If that user cannot reach
    /// the folder (a checkout under <c>/root</c>), the data is kept in <c>/var/lib/local-postgres</c> and this folder
    /// becomes a link to it; removing the link starts afresh.
    /// </remarks>
    public string? DataDirectory { get; init; }

    /// <summary>The TCP port on 127.0.0.1. Range: 0 to 65535. Default: 0, a free port.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Whether a commit survives a crash. False turns fsync, synchronous_commit and full_page_writes off, for data that
    /// can be thrown away: a crash of the machine may spoil all of it, and killing the server (or
    /// <see cref="PostgresStop.Immediate"/>) lose the commits of its last moments. Default: true.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>
    /// Further server settings such as <c>max_connections</c>; values as in <c>postgresql.conf</c>, without quotes.
    /// They must not name what this library sets to keep the server private: port, addresses, sockets, files.
    /// Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
