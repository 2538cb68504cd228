using Benchmarks.Load;
using Benchmarks.Results;

namespace Benchmarks.Calls;

/// <summary>A call over all rounds, beside its limits.</summary>
/// <param name="Call">Which.</param>
/// <param name="Host">Calls per second.</param>
/// <param name="Bare">Of the bare web server.</param>
/// <param name="Pgbench">Transactions per second.</param>
/// <param name="ToBare">The host's rate over that of the bare server, round by round.</param>
/// <param name="ToPgbench">The same over pgbench's.</param>
/// <param name="Latency">Of the host: medians of the rounds.</param>
/// <param name="Errors">Of all rounds.</param>
/// <param name="HostProcessor">Milliseconds per call.</param>
/// <param name="BareProcessor">Milliseconds per call of the bare server.</param>
/// <param name="DatabaseProcessor">Milliseconds per call of the host.</param>
/// <param name="PgbenchProcessor">Milliseconds per transaction of pgbench, the database's.</param>
/// <param name="AllocatedBytes">By the host per call.</param>
internal sealed record CallComparison(
    string Call, Spread Host, Spread Bare, Spread Pgbench, Spread ToBare, Spread ToPgbench, Latency Latency, int Errors, double HostProcessor,
    double BareProcessor, double DatabaseProcessor, double PgbenchProcessor, double AllocatedBytes)
{
    public static CallComparison Of(string call, IReadOnlyList<CallTurn> turns)
    {
        var (host, bare, pgbench) = (Of(Side.Host), Of(Side.Bare), Of(Side.Pgbench));
        return new(
            call, Rate(host), Rate(bare), Rate(pgbench), Ratio(host, bare), Ratio(host, pgbench),
            new Latency(Median(host, turn => turn.Latency.P50), Median(host, turn => turn.Latency.P95), Median(host, turn => turn.Latency.P99)),
            host.Sum(turn => turn.Errors), Median(host, turn => turn.Processor!.Value), Median(bare, turn => turn.Processor!.Value),
            Median(host, turn => turn.DatabaseProcessor), Median(pgbench, turn => turn.DatabaseProcessor), Median(host, turn => turn.AllocatedBytes!.Value));

        List<CallTurn> Of(Side side) => [.. turns.Where(turn => turn.Call == call && turn.Side == side).OrderBy(turn => turn.Round)];
    }

    /// <summary>Null: nothing is wanted of it.</summary>
    public bool? Meets(CallTarget? target) => target is null ? null : (target.Limit == Limit.Pgbench ? ToPgbench : ToBare).Median >= target.Ratio;

    private static Spread Rate(List<CallTurn> turns) => Spread.Of(turns.Select(turn => turn.PerSecond));

    private static Spread Ratio(List<CallTurn> ours, List<CallTurn> theirs) =>
        Spread.Of(ours.Zip(theirs, (mine, yours) => mine.PerSecond / yours.PerSecond));

    private static double Median(List<CallTurn> turns, Func<CallTurn, double> value) => Spread.Of(turns.Select(value)).Median;
}
