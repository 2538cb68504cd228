namespace Benchmarks;

internal sealed record BenchmarkOptions
{
    /// <summary>The folder of the published host.</summary>
    public required string Host { get; init; }

    /// <summary>Where the report goes.</summary>
    public required string Output { get; init; }

    /// <summary>How long each side is driven at each concurrency in each round.</summary>
    public required TimeSpan Turn { get; init; }

    public required int Rounds { get; init; }

    public required IReadOnlyList<int> Concurrencies { get; init; }
}
