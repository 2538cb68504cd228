namespace Billing.Tests.World;

/// <summary>Where the program is started from, to show that it finds its settings beside itself and needs nothing else.</summary>
internal static class EmptyFolder
{
    public static string FullName { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "empty")).FullName;
}
