using Benchmarks.Calls;
using Benchmarks.Load;
using Benchmarks.Results;

namespace Benchmarks.Sizes;

/// <summary>A call at one size, medians of the rounds.</summary>
/// <param name="Call">Which.</param>
/// <param name="Orgs">How many there are.</param>
/// <param name="PerSecond">Answers.</param>
/// <param name="Latency">Of an answer.</param>
/// <param name="Host">Milliseconds of the host's processor time per call.</param>
/// <param name="Database">Milliseconds per call, all processes of the database.</param>
internal sealed record SizedCall(string Call, int Orgs, Spread PerSecond, Latency Latency, double Host, double Database)
{
    public double Processor => Host + Database;

    public static SizedCall Of(string call, int orgs, IReadOnlyCollection<CallTurn> turns)
    {
        return new SizedCall(
            call, orgs, Spread.Of(turns.Select(turn => turn.PerSecond)),
            new Latency(Median(turn => turn.Latency.P50), Median(turn => turn.Latency.P95), Median(turn => turn.Latency.P99)),
            Median(turn => turn.Processor!.Value), Median(turn => turn.DatabaseProcessor));

        double Median(Func<CallTurn, double> value) => Spread.Of(turns.Select(value)).Median;
    }
}
