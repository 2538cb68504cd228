using System.Diagnostics;

namespace LocalPostgres;

/// <summary>
/// The shell that starts and stops one server (<c>watchdog.sh</c>). It outlives us: when our end of its stdin closes,
/// even by <c>kill -9</c>, it stops the server and removes a temporary folder.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const string Mark = "watchdog: ";

    // In the background, so that it is no descendant of ours when a test runner kills a whole process tree, and in a
    // session of its own where there is setsid, so that killing our process group spares it. A background job gets an
    // empty stdin unless it is told otherwise. Not --pdeathsig: that fires when the *thread* that forked ends.
    private const string Detach = """
        exec 3<&0
        if command -v setsid >/dev/null 2>&1
        then setsid /bin/sh -c "$@" <&3 3<&- 2>&1 &
        else /bin/sh -c "$@" <&3 3<&- 2>&1 &
        fi
        """;

    private static readonly Lazy<string> Script = new(() =>
    {
        using var reader = new StreamReader(typeof(Watchdog).Assembly.GetManifestResourceStream("watchdog.sh")!);
        return reader.ReadToEnd();
    });

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Process _process;

    private Watchdog(Process process) => _process = process;

    public sealed record Answer(bool Succeeded, string Output);

    public static Watchdog Start(ServerUser user, string binaries, string folder, bool temporary, bool durable)
    {
        string[] initdb = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", .. durable ? (string[])[] : ["--no-sync"]];
        var start = user.Command(
            "/bin/sh",
            ["-c", Detach, "sh", Script.Value, "local-postgres-watchdog", binaries, folder, temporary ? "temporary" : "kept", .. initdb]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.StandardInput.AutoFlush = true;
        return new(process);
    }

    /// <summary>Gives one command and waits for its answer. Cancelling stops the waiting, not the command.</summary>
    /// <exception cref="LocalPostgresException">The watchdog is gone.</exception>
    public Task<Answer> SendAsync(string command, CancellationToken ct) => ConverseAsync(command).WaitAsync(ct);

    /// <summary>Closes the pipe and waits until the server is stopped and a temporary folder removed.</summary>
    /// <returns>False if the watchdog had been killed before and so did none of that.</returns>
    public async Task<bool> EndAsync()
    {
        _process.StandardInput.Close();
        await _oneAtATime.WaitAsync();
        try
        {
            var last = await ReadAnswerAsync();
            return last is null or { Succeeded: true }
                ? last is not null
                : throw new LocalPostgresException($"The PostgreSQL server could not be stopped.\n{last.Output}");
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task<Answer> ConverseAsync(string command)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(command);
            return await ReadAnswerAsync() ?? throw new IOException("The pipe ended.");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new LocalPostgresException("The process that looks after the PostgreSQL server is gone.", e);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<Answer?> ReadAnswerAsync()
    {
        var output = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                return new(line == $"{Mark}0", string.Join('\n', output));
            }

            output.Add(line);
        }

        return null;
    }
}
