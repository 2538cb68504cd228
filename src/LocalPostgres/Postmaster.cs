using System.Diagnostics;
using System.Globalization;

namespace LocalPostgres;

/// <summary>The server process that <c>postmaster.pid</c> of a cluster names.</summary>
/// <remarks>
/// PostgreSQL takes that file for stale only when no process has the number. A number that was given to a stranger, or
/// that belongs to a zombie in a container whose first process reaps none, would keep the cluster from ever starting.
/// </remarks>
internal static class Postmaster
{
    /// <summary>The number of the live server on this cluster; null if there is none.</summary>
    public static int? Find(string cluster)
    {
        try
        {
            var lines = File.ReadAllLines(PidFile(cluster));
            return lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid) && IsServer(pid, cluster)
                ? pid
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes a pid file left by a server that is gone. Waits out one that is being stopped.</summary>
    /// <exception cref="LocalPostgresException">A server that nobody stops runs on the cluster.</exception>
    public static async Task ClearAsync(string cluster, TimeSpan patience, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (Find(cluster) is { } pid)
        {
            if (waited.Elapsed > patience)
            {
                throw new LocalPostgresException(
                    $"A PostgreSQL server (process {pid}) already runs on {cluster}: stop it with pg_ctl stop -D {cluster}");
            }

            await Task.Delay(50, ct);
        }

        File.Delete(PidFile(cluster));
    }

    private static string PidFile(string cluster) => Path.Combine(cluster, "postmaster.pid");

    private static bool IsServer(int pid, string cluster)
    {
        var (state, arguments) = Directory.Exists("/proc/self") ? FromProc(pid) : FromPs(pid);
        return !state.StartsWith('Z')
            && arguments.Contains("postgres", StringComparison.Ordinal)
            && arguments.Contains(cluster, StringComparison.Ordinal);
    }

    private static (string State, string Arguments) FromProc(int pid)
    {
        try
        {
            // "PID (name) STATE ...", and the name may hold brackets itself.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return (stat[(stat.LastIndexOf(')') + 1)..].TrimStart(), File.ReadAllText($"/proc/{pid}/cmdline"));
        }
        catch (IOException)
        {
            return ("Z", "");
        }
    }

    private static (string State, string Arguments) FromPs(int pid)
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-ww", "-o", "stat=,command=", "-p", $"{pid}"]) { RedirectStandardOutput = true })!;
        var line = ps.StandardOutput.ReadToEnd().Trim();
        return line.Length == 0 ? ("Z", "") : (line, line);
    }
}
