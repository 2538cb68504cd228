using System.Globalization;

namespace Benchmarks.Machine;

/// <summary>Processor time of a process and its children, from /proc.</summary>
internal static class ProcessTimes
{
    /// <summary>Linux tells times in hundredths of a second, whatever its own clock ticks in.</summary>
    private const double TicksPerSecond = 100;

    public static int ParentOf(int process) => (int)(Read($"/proc/{process}") ?? throw new BenchmarkException($"Process {process} has ended."))[1];

    public static TimeSpan Of(int process) => Time(Read($"/proc/{process}"), withEndedChildren: false);

    /// <summary>Of those of its threads that have a name, as far as they live.</summary>
    public static TimeSpan OfThreads(int process, string name) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .Where(thread => Name(thread) == name)
        .Aggregate(TimeSpan.Zero, (sum, thread) => sum + Time(Read(thread), withEndedChildren: false));

    /// <summary>Of a process and all children that it ever had and has waited for, or has still.</summary>
    public static TimeSpan OfFamily(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _) ? Read(folder) : null)
        .Where(child => child is not null && child[1] == parent)
        .Aggregate(Time(Read($"/proc/{parent}"), withEndedChildren: true), (sum, child) => sum + Time(child, withEndedChildren: false));

    private static string? Name(string folder)
    {
        try
        {
            return File.ReadAllText($"{folder}/comm").Trim();
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static TimeSpan Time(long[]? fields, bool withEndedChildren) => TimeSpan.FromSeconds(
        fields is null ? 0 : (fields[11] + fields[12] + (withEndedChildren ? fields[13] + fields[14] : 0)) / TicksPerSecond);

    /// <summary>The numbers after the name: state (as 0), parent, ..., and from 11 on the four times. Null: it has ended.</summary>
    private static long[]? Read(string folder)
    {
        try
        {
            var stat = File.ReadAllText($"{folder}/stat");
            // The name may hold brackets and spaces itself.
            return [.. stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Take(15)
                .Select(field => long.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
