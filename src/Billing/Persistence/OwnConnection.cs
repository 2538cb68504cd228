using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Persistence;

/// <summary>
/// A connection for one part of the host: other callers cannot use it up, and it stays open and warm, where the common pool gives its
/// connections out in turn.
/// </summary>
internal sealed class OwnConnection : IDisposable
{
    /// <param name="options">Where the database is.</param>
    /// <param name="part">Of the host, which operators see in <c>application_name</c> of <c>pg_stat_activity</c>.</param>
    public OwnConnection(IOptions<DatabaseOptions> options, string part)
    {
        var given = new NpgsqlConnectionStringBuilder(options.Value.ConnectionString) { MinPoolSize = 1, MaxPoolSize = 1 };
        // Pools go by the string: each host of a process has one of its own.
        given.ApplicationName = $"{given.ApplicationName ?? "billing"} {part} {Guid.NewGuid().ToString("N")[..8]}";
        String = given.ConnectionString;
    }

    /// <summary>The connection string of a pool that holds no other connection.</summary>
    public string String { get; }

    public void Dispose()
    {
        using var pooled = new NpgsqlConnection(String);
        NpgsqlConnection.ClearPool(pooled);
    }
}
