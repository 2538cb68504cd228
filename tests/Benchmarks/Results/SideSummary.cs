using Benchmarks.Load;

namespace Benchmarks.Results;

/// <summary>One side at one concurrency over all rounds; see <see cref="Turn"/> for the units.</summary>
internal sealed record SideSummary(
    Spread EventsPerSecond, Latency Latency, int Errors, double? HostProcessor, double DatabaseProcessor, double? GeneratorProcessor,
    double LogBytes, long? ResidentBytes)
{
    public static SideSummary Of(IReadOnlyCollection<Turn> turns)
    {
        return new SideSummary(
            Spread.Of(turns.Select(turn => turn.EventsPerSecond)),
            new Latency(Median(turn => turn.Latency.P50), Median(turn => turn.Latency.P95), Median(turn => turn.Latency.P99)),
            turns.Sum(turn => turn.Errors),
            MedianOrNone(turn => turn.HostProcessor),
            Median(turn => turn.DatabaseProcessor),
            MedianOrNone(turn => turn.GeneratorProcessor),
            Median(turn => turn.LogBytes),
            turns.Max(turn => turn.ResidentBytes));

        double Median(Func<Turn, double> value) => Spread.Of(turns.Select(value)).Median;

        double? MedianOrNone(Func<Turn, double?> value) => turns.All(turn => value(turn) is null) ? null : Median(turn => value(turn)!.Value);
    }
}
