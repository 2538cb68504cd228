using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

using Benchmarks.Load;

namespace Benchmarks.Machine;

/// <summary>A web server in a process of its own, with its log in a file as a container runtime would keep it.</summary>
internal sealed partial class ServedProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _folder;

    private ServedProgram(Process process, string folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    public Uri Url { get; }

    public TimeSpan ProcessorTime => ProcessTimes.Of(_process.Id);

    /// <summary>What the runtime has used for compiling once more what runs often. Its thread ends when it has nothing to do, and its time with it.</summary>
    public TimeSpan CompilerTime => ProcessTimes.OfThreads(_process.Id, ".NET Tiered Com");

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public int Threads
    {
        get
        {
            _process.Refresh();
            return _process.Threads.Count;
        }
    }

    /// <summary>The last lines of its log.</summary>
    public string LogTail => string.Join('\n', File.ReadLines(Path.Combine(_folder, "log")).TakeLast(20));

    /// <summary>In how many lines of its log a text is.</summary>
    public int CountInLog(string text) => File.ReadLines(Path.Combine(_folder, "log")).Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <exception cref="BenchmarkException">It ended, or does not listen; the message holds its log.</exception>
    public static async Task<ServedProgram> StartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("billing-bench-").FullName;
        var process = Process.Start(Command(program, arguments, environment, folder))!;
        try
        {
            return new ServedProgram(process, folder, await ListeningAsync(process, folder, cancellationToken));
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="BenchmarkException">It failed; the message holds its log.</exception>
    public static async Task RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("billing-bench-").FullName;
        using var process = Process.Start(Command(program, arguments, environment, folder))!;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw Failure(program, folder);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Starts a web server and ends it again.</summary>
    /// <returns>The time from before its process was made to its first 200.</returns>
    /// <exception cref="BenchmarkException">It ended, or does not answer so; the message holds its log.</exception>
    public static async Task<TimeSpan> TimeStartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string path, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("billing-bench-").FullName;
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var command = Command(program, [.. arguments, "--urls", url.AbsoluteUri], environment, folder);
        var waited = Stopwatch.StartNew();
        using var process = Process.Start(command)!;
        try
        {
            while (!process.HasExited && waited.Elapsed < Patience)
            {
                if (HttpConnection.Status(url, path) == 200)
                {
                    return waited.Elapsed;
                }
                await Task.Delay(2, cancellationToken);
            }
            throw Failure(program, folder);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The shell only opens the log and becomes the program.</summary>
    private static ProcessStartInfo Command(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$@\" >log 2>&1", "sh", program, .. arguments]) { WorkingDirectory = folder };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }
        return start;
    }

    private static async Task<Uri> ListeningAsync(Process process, string folder, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!process.HasExited && waited.Elapsed < Patience)
        {
            await Task.Delay(50, cancellationToken);
            if (Listening().Match(Log(folder)) is { Success: true } match)
            {
                return new Uri(match.Groups[1].Value);
            }
        }
        throw Failure(process.StartInfo.ArgumentList[3], folder);
    }

    private static BenchmarkException Failure(string program, string folder) => new($"{program} failed:\n{Log(folder)}");

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Log(string folder)
    {
        var file = Path.Combine(folder, "log");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    [GeneratedRegex("""listening on:? [\\"]*(http://[^"\\\s]+)""")]
    private static partial Regex Listening();
}
