using Benchmarks.Machine;

namespace Benchmarks;

/// <summary>What host and database have used up since a turn began.</summary>
internal sealed record Meter(TimeSpan Host, TimeSpan Database, long LogBytes)
{
    public static async Task<Meter> ReadAsync(Cluster cluster, ServedProgram host, CancellationToken cancellationToken) =>
        new(host.ProcessorTime, cluster.ProcessorTime, await cluster.LogPositionAsync(cancellationToken));

    public Meter Since(Meter start) => new(Host - start.Host, Database - start.Database, LogBytes - start.LogBytes);
}
