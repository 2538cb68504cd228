using System.Diagnostics;
using Npgsql;

namespace LocalPostgres.Tests;

/// <summary>What every test here needs: a throwaway server, one SQL value, and waiting with a bound.</summary>
internal static class Testing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A server of our own, whatever the environment gives.</summary>
    public static Task<PostgresServer> StartAsync(string? folder = null, int port = 0, bool durable = false) =>
        PostgresServer.StartAsync(new() { AlwaysStart = true, DataDirectory = folder, Port = port, Durable = durable }, Ct);

    public static async Task<T> ScalarAsync<T>(this PostgresServer server, string sql, string database = "postgres") =>
        await ScalarAsync<T>(server.ConnectionString(database), sql);

    public static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Ct))!;
    }

    public static Task<string> SettingAsync(this PostgresServer server, string name) => server.ScalarAsync<string>($"SHOW {name}");

    public static int Postmaster(this PostgresServer server) =>
        LocalPostgres.Postmaster.Find(Path.Combine(server.DataDirectory!, "data")) ?? throw new InvalidOperationException("It does not run.");

    public static async Task EventuallyAsync(Func<bool> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, $"Not within {Patience.TotalSeconds} s: {what}");
            await Task.Delay(20, Ct);
        }
    }

    /// <summary>Whether a process is gone, or only waits for its parent to notice.</summary>
    public static bool IsGone(int pid)
    {
        var ps = new ProcessStartInfo("/bin/sh", ["-c", "ps -o stat= -p \"$1\" 2>/dev/null || cut -d')' -f2 /proc/$1/stat 2>/dev/null", "sh", $"{pid}"]) { RedirectStandardOutput = true };
        using var process = Process.Start(ps)!;
        var state = process.StandardOutput.ReadToEnd().Trim();
        return state.Length == 0 || state.StartsWith('Z');
    }

    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }
}
