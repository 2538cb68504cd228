namespace DevHost.Tests.World;

/// <summary>An empty folder that every user may enter (under root, PostgreSQL runs as another one), removed with all that is in it.</summary>
internal sealed class TemporaryFolder : IAsyncDisposable
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("devhost-tests-");

    public TemporaryFolder() => File.SetUnixFileMode(_folder.FullName, Everybody);

    public string Path => _folder.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public IEnumerable<string> Content => Directory.EnumerateFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry));

    public async ValueTask DisposeAsync()
    {
        // After a DevHost was killed, its PostgreSQL is still being stopped.
        await Eventually.TrueAsync(() => Shell.ProcessesWith(Path).Count == 0, "nobody uses the folder");
        _folder.Delete(recursive: true);
    }
}
