using Benchmarks.Load;
using Benchmarks.Results;

namespace Benchmarks.Calls;

/// <summary>What one side did with one call in one round.</summary>
/// <param name="Call">Which.</param>
/// <param name="Side">Who worked: the host, the bare web server or pgbench.</param>
/// <param name="Round">From 1.</param>
/// <param name="PerSecond">Answers, or transactions.</param>
/// <param name="Latency">Of an answer.</param>
/// <param name="Errors">Of the answers.</param>
/// <param name="Processor">Milliseconds of the server's processor time per call; null for pgbench.</param>
/// <param name="DatabaseProcessor">Milliseconds per call, all processes of the database.</param>
/// <param name="AllocatedBytes">By the host per call; null for the others.</param>
internal sealed record CallTurn(
    string Call, Side Side, int Round, double PerSecond, Latency Latency, int Errors, double? Processor, double DatabaseProcessor, double? AllocatedBytes)
{
    public static CallTurn Of(MeasuredCall call, Side side, int round, LoadResult load, Meter used, double? allocated) => new(
        call.Name, side, round, load.EventsPerSecond, load.Latency, load.Errors, used.Host.TotalMilliseconds / load.Events,
        used.Database.TotalMilliseconds / load.Events, allocated);
}
