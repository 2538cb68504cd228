using System.Diagnostics;

namespace LocalPostgres;

/// <summary>A server that this process started, with its folder and its watchdog.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const int PortAttempts = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PostgresOptions _options;
    private readonly DataFolder _folder;
    private readonly Func<Watchdog> _newWatchdog;
    private readonly Watchdog _watchdog;
    private bool _disposed;

    private LocalCluster(PostgresOptions options, DataFolder folder, Binaries binaries)
    {
        _options = options;
        _folder = folder;
        _newWatchdog = () => Watchdog.Start(ServerUser.Current, binaries.Folder, folder.Path, folder.IsTemporary, options.Durable);
        _watchdog = _newWatchdog();
    }

    public string Folder => _folder.Path;

    public int Port { get; private set; }

    public static async Task<LocalCluster> StartAsync(PostgresOptions options, BinarySearch search, CancellationToken ct)
    {
        var user = ServerUser.Current;
        var folder = options.DataDirectory is { } kept
            ? await DataFolder.KeptAsync(kept, user, ct)
            : await DataFolder.TemporaryAsync(user, ct);
        LocalCluster? cluster = null;
        try
        {
            var binaries = await search.FindAsync(folder.Major, user, ct);
            cluster = new(options, folder, binaries);
            await cluster.InitAsync(ct);
            await cluster.StartAsync(ct);
            return cluster;
        }
        catch
        {
            if (cluster is not null)
            {
                await cluster.DisposeAsync();
            }

            folder.Dispose();
            throw;
        }
    }

    public async Task StartAgainAsync(CancellationToken ct)
    {
        if (Postmaster.Find(_folder.Cluster) is null)
        {
            await StartAsync(ct);
        }
    }

    public async Task StopAsync(PostgresStop how, CancellationToken ct)
    {
        var answer = await _watchdog.SendAsync(how == PostgresStop.Immediate ? "stop immediate" : "stop fast", ct);
        if (!answer.Succeeded)
        {
            throw new LocalPostgresException($"The PostgreSQL server could not be stopped.\n{answer.Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        // A new watchdog whose pipe ends at once does what the killed one left undone.
        if (!await _watchdog.EndAsync())
        {
            using var second = _newWatchdog();
            await second.EndAsync();
        }

        _watchdog.Dispose();
        _folder.Dispose();
    }

    private async Task InitAsync(CancellationToken ct)
    {
        var answer = await _watchdog.SendAsync("init", ct);
        if (!answer.Succeeded)
        {
            throw new LocalPostgresException($"initdb failed in {_folder.Path}.\n{answer.Output}");
        }
    }

    private async Task StartAsync(CancellationToken ct)
    {
        // A server whose program was killed is stopped by its watchdog, within a moment.
        await Postmaster.ClearAsync(_folder.Cluster, Patience, ct);

        var waited = Stopwatch.StartNew();
        for (var attempt = 1; ; attempt++)
        {
            var port = Port != 0 ? Port : _options.Port != 0 ? _options.Port : FreePort.Pick();
            var answer = await _watchdog.SendAsync($"start {ServerSettings.CommandLine(_options, port)}", ct);
            if (answer.Succeeded)
            {
                Port = port;
                return;
            }

            var chooseAnother = PortIsTaken(answer) && Port == 0 && _options.Port == 0 && attempt < PortAttempts;
            var wait = PredecessorLingers(answer) && waited.Elapsed < Patience;
            if (!chooseAnother && !wait)
            {
                throw Failed(answer, port);
            }

            if (wait)
            {
                await Task.Delay(100, ct);
            }
        }
    }

    private static bool PortIsTaken(Watchdog.Answer answer) =>
        answer.Output.Contains("Address already in use", StringComparison.Ordinal);

    /// <summary>Sessions of a killed server hold its shared memory until they notice.</summary>
    private static bool PredecessorLingers(Watchdog.Answer answer) =>
        answer.Output.Contains("pre-existing shared memory block", StringComparison.Ordinal)
        || answer.Output.Contains("lock file \"postmaster.pid\" already exists", StringComparison.Ordinal);

    private LocalPostgresException Failed(Watchdog.Answer answer, int port) => new(
        PortIsTaken(answer)
            ? $"Port {port} on 127.0.0.1 is taken: stop what listens there, or choose another (0: any free one).\n{answer.Output}"
            : $"The PostgreSQL server in {_folder.Path} did not start.\n{answer.Output}");
}
