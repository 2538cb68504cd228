namespace LocalPostgres;

/// <summary>
/// The folder of one server: <c>data</c> (the cluster), <c>server.log</c>, and for a kept one <c>lock</c>, which this
/// process holds for as long as it uses the folder.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string HomeUnderRoot = "/var/lib/local-postgres";

    private readonly FileStream? lockFile;

    private DataFolder(string path, FileStream? lockFile)
    {
        Path = path;
        this.lockFile = lockFile;
    }

    public string Path { get; }

    public bool IsTemporary => lockFile is null;

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
            parent = "/tmp";
        return new(System.IO.Path.Combine(parent, $"local-postgres-{Guid.NewGuid():N}"), lockFile: null);
    }

    /// <exception cref="LocalPostgresException">The folder is in use, holds something else, or belongs to another user.</exception>
    public static async Task<DataFolder> KeptAsync(string requested, ServerUser user, CancellationToken ct)
    {
        var path = await PlaceAsync(System.IO.Path.GetFullPath(requested), user, ct);
        try
        {
            if (!Directory.EnumerateFileSystemEntries(path).Any())
                await user.TakeOverAsync(path, ct);
            else if (!File.Exists(System.IO.Path.Combine(path, "lock")))
                throw new LocalPostgresException(
                    $"The folder {path} is not empty and was not made by LocalPostgres: name an empty or a new one.");

            var folder = new DataFolder(path, Lock(path));
            if (await user.CanAsync("-w", path, ct))
                return folder;

            folder.Dispose();
            throw NotOurs(path, user);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotOurs(path, user, e);
        }
    }

    public void Dispose() => lockFile?.Dispose();

    private static async Task<string> PlaceAsync(string path, ServerUser user, CancellationToken ct)
    {
        path = new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        var parent = System.IO.Path.GetDirectoryName(path) ?? path;
        Directory.CreateDirectory(parent);
        if (user.IsSwitched && !await user.CanAsync("-x", parent, ct))
            path = MoveAway(path);
        return Directory.CreateDirectory(path).FullName;
    }

    private static string MoveAway(string path)
    {
        // Not a recursive removal: whatever is in there is the owner's to move.
        if (Directory.Exists(path))
            Directory.Delete(path);
        var reachable = System.IO.Path.Combine(HomeUnderRoot, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(reachable);
        Directory.CreateSymbolicLink(path, reachable);
        return reachable;
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new LocalPostgresException(
                $"The folder {path} is in use by another process that runs LocalPostgres: end that one, or name another folder.", e);
        }
    }

    private static LocalPostgresException NotOurs(string path, ServerUser user, Exception? cause = null) =>
        new($"The folder {path} belongs to another user; the server would run as '{user.Name}'. Run as its owner, "
            + $"or hand it over: chown -R {user.Name} {path}", cause!);
}
