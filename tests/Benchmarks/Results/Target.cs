namespace Benchmarks.Results;

/// <summary>The least ratio of the host's events per second to those of pgbench.</summary>
internal sealed record Target(int Concurrency, double Ratio)
{
    public static readonly IReadOnlyList<Target> All = [new(1, 0.9), new(64, 2.0)];

    public bool IsMet(Comparison comparison) => comparison.Ratio.Median >= Ratio;
}
