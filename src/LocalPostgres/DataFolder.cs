using System.Diagnostics;

namespace LocalPostgres;

/// <summary>
/// The folder of one server: <c>data</c> (the cluster), <c>server.log</c>, and for a kept one <c>lock</c>, which this
/// process holds for as long as it uses the folder.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string HomeUnderRoot = "/var/lib/local-postgres";

    // A killed process keeps its locks until the system has taken it apart.
    private static readonly TimeSpan DyingTime = TimeSpan.FromSeconds(2);

    private readonly FileStream? _lockFile;

    private DataFolder(string path, FileStream? lockFile)
    {
        Path = path;
        _lockFile = lockFile;
    }

    public string Path { get; }

    public bool IsTemporary => _lockFile is null;

    public string Cluster => System.IO.Path.Combine(Path, "data");

    /// <summary>The major version of the cluster in it; null if there is none yet.</summary>
    public int? Major =>
        File.Exists(System.IO.Path.Combine(Cluster, "PG_VERSION"))
            ? int.Parse(File.ReadAllText(System.IO.Path.Combine(Cluster, "PG_VERSION")).Split('.')[0])
            : null;

    /// <summary>Only a name: the watchdog makes the folder, so that there is never one that nobody will remove.</summary>
    public static async Task<DataFolder> TemporaryAsync(ServerUser user, CancellationToken ct)
    {
        var parent = System.IO.Path.GetTempPath();
        if (user.IsSwitched && !await user.CanAsync("-w", parent, ct))
        {
            parent = "/tmp";
        }

        return new(System.IO.Path.Combine(parent, $"local-postgres-{Guid.NewGuid():N}"), lockFile: null);
    }

    /// <exception cref="LocalPostgresException">The folder is in use, holds something else, or belongs to another user.</exception>
    public static async Task<DataFolder> KeptAsync(string requested, ServerUser user, CancellationToken ct)
    {
        var path = System.IO.Path.GetFullPath(requested);
        try
        {
            path = await PlaceAsync(path, user, ct);
            if (!Directory.EnumerateFileSystemEntries(path).Any())
            {
                await user.TakeOverAsync(path, ct);
            }
            else if (!File.Exists(System.IO.Path.Combine(path, "lock")))
            {
                throw new LocalPostgresException(
                    $"The folder {path} is not empty and was not made by LocalPostgres: name an empty or a new one.");
            }

            var folder = new DataFolder(path, await LockAsync(path, ct));
            if (await user.CanAsync("-w", path, ct))
            {
                return folder;
            }

            folder.Dispose();
            throw NotOurs(path, user);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotOurs(path, user, e);
        }
    }

    public void Dispose() => _lockFile?.Dispose();

    private static async Task<string> PlaceAsync(string path, ServerUser user, CancellationToken ct)
    {
        var given = new DirectoryInfo(path);
        if (given.LinkTarget is not null)
        {
            path = given.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }

        var parent = System.IO.Path.GetDirectoryName(path) ?? path;
        Directory.CreateDirectory(parent);
        if (user.IsSwitched && !await user.CanAsync("-x", parent, ct))
        {
            path = MoveAway(path);
        }

        Directory.CreateDirectory(path);
        return await ServerUser.RealPathAsync(path, ct);
    }

    private static string MoveAway(string path)
    {
        var reachable = Directory.CreateDirectory(System.IO.Path.Combine(HomeUnderRoot, Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            // Not a recursive removal: whatever is in there is its owner's to move.
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            Directory.CreateSymbolicLink(path, reachable);
            return reachable;
        }
        catch (IOException e)
        {
            Directory.Delete(reachable);
            throw new LocalPostgresException(
                $"The server cannot run as root and its user cannot reach {path}, which cannot be made a link to a folder "
                + $"that it can: {e.Message} Name another folder.", e);
        }
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < DyingTime)
            {
                await Task.Delay(50, ct);
            }
            catch (IOException e)
            {
                throw new LocalPostgresException(
                    $"The folder {path} is in use by another process that runs LocalPostgres: end that one, or name another folder.", e);
            }
        }
    }

    private static LocalPostgresException NotOurs(string path, ServerUser user, Exception? cause = null) =>
        new($"The folder {path} belongs to another user; the server would run as '{user.Name}'. Run as its owner, "
            + $"or hand it over: chown -R {user.Name} {path}", cause!);
}
