namespace Billing.Tests.World;

/// <summary>Files of the repository that tests hold the program to.</summary>
internal static class Repository
{
    public static string PathOf(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Billing.sln")))
        {
            folder = folder.Parent;
        }
        return Path.Combine(folder.FullName, file);
    }

    /// <summary>The block of code under the comment that begins with this name.</summary>
    public static string Block(string file, string name)
    {
        var text = File.ReadAllText(PathOf(file));
        var fence = text.IndexOf("\n```", text.IndexOf($"<!-- {name}:", StringComparison.Ordinal), StringComparison.Ordinal);
        var start = text.IndexOf('\n', fence + 1) + 1;
        return text[start..text.IndexOf("\n```", start, StringComparison.Ordinal)];
    }
}
