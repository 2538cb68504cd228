using System.IO.MemoryMappedFiles;

namespace Benchmarks.Machine;

/// <summary>How much memory a .NET program that we start has allocated; it tells by itself (<see cref="StartupHook"/>).</summary>
internal sealed class Allocations : IDisposable
{
    /// <summary>The environment variable that names the file.</summary>
    public const string File = "BENCHMARKS_ALLOCATIONS";

    private readonly string _path = Path.GetTempFileName();
    private readonly MemoryMappedFile _shared;
    private readonly MemoryMappedViewAccessor _view;

    public Allocations()
    {
        _shared = MemoryMappedFile.CreateFromFile(_path, FileMode.Open, mapName: null, sizeof(long));
        _view = _shared.CreateViewAccessor(0, sizeof(long));
    }

    /// <summary>For the program.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        [File] = _path,
        ["DOTNET_STARTUP_HOOKS"] = typeof(Allocations).Assembly.Location,
    };

    /// <summary>Since the program began; as old as 20 ms.</summary>
    public long Bytes => _view.ReadInt64(0);

    public void Dispose()
    {
        _view.Dispose();
        _shared.Dispose();
        System.IO.File.Delete(_path);
    }
}
