namespace Browser.Tests.World;

/// <summary>Where screenshots are kept: <c>artifacts/browser</c> of the repository, or <c>BROWSER_ARTIFACTS</c>.</summary>
internal static class Artifacts
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("BROWSER_ARTIFACTS") ?? Path.Combine(Root(), "artifacts", "browser");

    public static string File(string name) => Path.Combine(Folder, name);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Billing.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
