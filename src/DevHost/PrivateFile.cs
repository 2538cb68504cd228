namespace DevHost;

/// <summary>Files with keys in them: for their owner only, and never half written.</summary>
internal static class PrivateFile
{
    /// <exception cref="DevHostException">It cannot be written there.</exception>
    public static void Write(string path, string text)
    {
        var full = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            WriteBesideAndMove(full, text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DevHostException($"{full} cannot be written: {failure.Message}", failure);
        }
    }

    /// <exception cref="DevHostException">It cannot be removed.</exception>
    public static void Remove(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DevHostException($"{Path.GetFullPath(path)} is there from an earlier run and cannot be removed: {failure.Message}", failure);
        }
    }

    private static void WriteBesideAndMove(string path, string text)
    {
        var draft = path + ".new";
        // A mode is given to new files only.
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using (var writer = new StreamWriter(draft, options))
        {
            writer.Write(text);
        }
        File.Move(draft, path, overwrite: true);
    }
}
