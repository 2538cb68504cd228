using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Benchmarks.Load;
using Benchmarks.Machine;

namespace Benchmarks.Yardstick;

/// <summary>PostgreSQL's own load generator on a copy of the same tables: what the host is measured by.</summary>
/// <param name="cluster">Whose yardstick database.</param>
/// <param name="script">The file of this folder that is one transaction.</param>
/// <param name="variables">Of the script, such as <c>orgs=1000</c>, besides <c>k=0</c> and the number of the run as <c>turn</c>.</param>
internal sealed partial class PgbenchRun(Cluster cluster, string script, params IReadOnlyList<string> variables)
{
    private readonly string _program = Find(cluster.Binaries);
    private int _turn;

    /// <param name="concurrency">Clients.</param>
    /// <param name="duration">Whole seconds.</param>
    /// <param name="started">Called when all clients are connected, which costs the server much and is not part of the work.</param>
    /// <param name="cancellationToken">Ends pgbench.</param>
    /// <exception cref="BenchmarkException">pgbench or one of its transactions failed.</exception>
    public async Task<PgbenchResult> RunAsync(int concurrency, TimeSpan duration, Func<Task> started, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("billing-pgbench-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, script), Resource.Read(script), cancellationToken);
            var output = await RunAsync(Command(folder, concurrency, duration), concurrency, started, cancellationToken);
            if (Number(Failed(), output) > 0)
            {
                throw new BenchmarkException($"Transactions of pgbench failed:\n{output}");
            }
            var times = Directory.EnumerateFiles(folder, "times*").SelectMany(File.ReadLines)
                .Select(line => double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture) / 1000);
            return new PgbenchResult((int)Number(Processed(), output), Number(PerSecond(), output), Latency.OfMilliseconds(times));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The same, with what it used up from when all clients were connected to when all their sessions have ended.</summary>
    public async Task<(PgbenchResult Result, Meter Used)> MeterAsync(
        int concurrency, TimeSpan duration, Func<Task<Meter>> meter, CancellationToken cancellationToken)
    {
        Meter? start = null;
        var result = await RunAsync(concurrency, duration, async () => start = await meter(), cancellationToken);
        // The processor time of a session is counted when it has ended.
        while (await cluster.YardstickSessionsAsync(cancellationToken) > 0)
        {
            await Task.Delay(20, cancellationToken);
        }
        await Task.Delay(100, cancellationToken);
        return (result, (await meter()).Since(start!));
    }

    private async Task<string> RunAsync(ProcessStartInfo command, int concurrency, Func<Task> started, CancellationToken cancellationToken)
    {
        using var pgbench = Process.Start(command)!;
        using var killed = cancellationToken.Register(pgbench.Kill);
        var output = pgbench.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = pgbench.StandardError.ReadToEndAsync(cancellationToken);
        while (!pgbench.HasExited && await cluster.YardstickSessionsAsync(cancellationToken) < concurrency)
        {
            await Task.Delay(5, cancellationToken);
        }
        await started();
        await pgbench.WaitForExitAsync(cancellationToken);
        return pgbench.ExitCode == 0 ? await output : throw new BenchmarkException($"pgbench failed:\n{await errors}{await output}");
    }

    private ProcessStartInfo Command(string folder, int concurrency, TimeSpan duration)
    {
        var seconds = ((int)Math.Ceiling(duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(_program,
        [
            "--no-vacuum", "--protocol=prepared", $"--client={concurrency}", $"--jobs={Math.Min(concurrency, Environment.ProcessorCount)}", $"--time={seconds}",
            $"--file={script}", "--log", "--log-prefix=times", "--define=k=0", $"--define=turn={++_turn}", .. variables.Select(given => $"--define={given}"),
            $"--host={cluster.Host}", $"--port={cluster.Port}", "--username=postgres", Cluster.YardstickDatabase,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }
        start.Environment["PGSSLMODE"] = "disable";
        start.Environment["PGGSSENCMODE"] = "disable";
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private static string Find(string binaries) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Prepend(binaries)
            .Select(folder => Path.Combine(folder, "pgbench")).FirstOrDefault(File.Exists)
        ?? throw new BenchmarkException(
            $"pgbench is neither in {binaries} nor on the path: install PostgreSQL's own packages (apt-get install postgresql), or set "
            + "BILLING_PG_BIN to a folder with both.");

    private static double Number(Regex pattern, string output) =>
        pattern.Match(output) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("transactions actually processed: ([0-9]+)")]
    private static partial Regex Processed();

    // Since version 15.
    [GeneratedRegex("failed transactions: ([0-9]+)")]
    private static partial Regex Failed();

    [GeneratedRegex(@"tps = ([0-9.]+) \(without initial connection time\)")]
    private static partial Regex PerSecond();
}

/// <param name="Events">Transactions, duplicates included.</param>
/// <param name="EventsPerSecond">From when all clients were connected.</param>
/// <param name="Latency">Of a transaction.</param>
internal sealed record PgbenchResult(int Events, double EventsPerSecond, Latency Latency);
