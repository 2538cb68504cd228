using System.IO.MemoryMappedFiles;
using Benchmarks.Machine;

/// <summary>
/// Loaded by the runtime into the host that is measured (<c>DOTNET_STARTUP_HOOKS</c>): says every 20 ms how many bytes it has allocated. It
/// must be called that, in no namespace.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => new Thread(Tell) { IsBackground = true, Name = "allocations" }.Start();

    private static void Tell()
    {
        using var shared = MemoryMappedFile.CreateFromFile(Environment.GetEnvironmentVariable(Allocations.File)!, FileMode.Open);
        using var view = shared.CreateViewAccessor(0, sizeof(long));
        while (true)
        {
            view.Write(0, GC.GetTotalAllocatedBytes(precise: false));
            Thread.Sleep(20);
        }
    }
}
