namespace Benchmarks;

internal sealed record BenchmarkOptions
{
    /// <summary>The folder of the published host.</summary>
    public required string Host { get; init; }

    /// <summary>The published host.</summary>
    public string Program => Path.Combine(Host, "Billing.dll");

    /// <summary>Which benchmarks are run.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>Where the reports go.</summary>
    public required string Output { get; init; }

    /// <summary>How long each side is driven at each concurrency in each round.</summary>
    public required TimeSpan Turn { get; init; }

    public required int Rounds { get; init; }

    public required IReadOnlyList<int> Concurrencies { get; init; }
}
