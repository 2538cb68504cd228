namespace DevHost;

/// <summary>Keeps a data folder to one DevHost at a time; the system gives it back when the process ends, however it ends.</summary>
internal static class FolderLock
{
    /// <summary>Makes the folder if it is missing.</summary>
    /// <exception cref="DevHostException">Another process has the folder, or it cannot be written to.</exception>
    public static IAsyncDisposable Take(string folder)
    {
        var path = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DevHostException($"The data folder {path} cannot be made ({failure.Message}): name another with --data.", failure);
        }
        try
        {
            return new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new DevHostException($"Another DevHost uses {path}: stop it, or start this one with --ephemeral or another --data.", taken);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new DevHostException($"The data folder {path} belongs to somebody else: name another with --data.", failure);
        }
    }
}
