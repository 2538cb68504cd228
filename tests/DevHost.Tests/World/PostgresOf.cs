using Npgsql;

namespace DevHost.Tests.World;

/// <summary>The PostgreSQL server of a DevHost, to be watched from outside.</summary>
internal sealed class PostgresOf
{
    private PostgresOf(string folder) => Folder = folder;

    /// <summary>Holds its data; its processes name it in their command lines.</summary>
    public string Folder { get; }

    public bool Runs => Shell.ProcessesWith(Folder).Count > 0;

    public static async Task<PostgresOf> FindAsync(ReadyFile ready)
    {
        var postgres = new PostgresOf(Path.GetDirectoryName(await ScalarAsync(ready, "SHOW data_directory"))!);
        Assert.True(postgres.Runs);
        return postgres;
    }

    public static async Task<string> ScalarAsync(ReadyFile ready, string sql)
    {
        var url = ready.DatabaseUrl;
        var user = url.UserInfo.Split(':');
        var database = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.Port,
            Database = url.AbsolutePath.Trim('/'),
            Username = user[0],
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Eventually.Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync(Eventually.Ct))!;
    }
}
