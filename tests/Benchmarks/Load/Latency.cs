using System.Diagnostics;

namespace Benchmarks.Load;

/// <summary>Percentiles in milliseconds.</summary>
internal sealed record Latency(double P50, double P95, double P99)
{
    /// <param name="ticks">Of the <see cref="Stopwatch"/>.</param>
    public static Latency Of(IEnumerable<long> ticks) => OfMilliseconds(ticks.Select(t => t * 1000.0 / Stopwatch.Frequency));

    public static Latency OfMilliseconds(IEnumerable<double> times)
    {
        var sorted = times.Order().ToArray();
        return new(At(50), At(95), At(99));

        double At(int percent) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }
}
