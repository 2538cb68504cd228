using Benchmarks.Load;

namespace Benchmarks.Results;

/// <summary>What one side did at one concurrency in one round.</summary>
/// <param name="Side">Who worked.</param>
/// <param name="Round">From 1.</param>
/// <param name="Concurrency">Connections or clients.</param>
/// <param name="Events">Taken in, duplicates included.</param>
/// <param name="EventsPerSecond">While it ran.</param>
/// <param name="Latency">Of an event.</param>
/// <param name="Errors">Of the events.</param>
/// <param name="HostProcessor">Milliseconds of processor time per event; null for pgbench.</param>
/// <param name="DatabaseProcessor">Milliseconds of processor time per event, all processes of the server.</param>
/// <param name="GeneratorProcessor">Milliseconds of processor time per event; null for pgbench.</param>
/// <param name="LogBytes">Bytes of write-ahead log per event.</param>
/// <param name="ResidentBytes">Of the host at the end; null for pgbench.</param>
internal sealed record Turn(
    Side Side, int Round, int Concurrency, int Events, double EventsPerSecond, Latency Latency, int Errors,
    double? HostProcessor, double DatabaseProcessor, double? GeneratorProcessor, double LogBytes, long? ResidentBytes);

internal enum Side
{
    Host,
    Pgbench,

    /// <summary><see cref="BareIntake"/>.</summary>
    Bare,
}
