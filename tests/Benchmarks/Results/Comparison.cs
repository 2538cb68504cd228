namespace Benchmarks.Results;

/// <summary>Both sides at one concurrency.</summary>
/// <param name="Concurrency">Connections, and clients of pgbench.</param>
/// <param name="Ceiling">What the load generator reaches against a web server that does nothing.</param>
/// <param name="Host">The host's side.</param>
/// <param name="Pgbench">pgbench's side.</param>
/// <param name="Ratio">Of the host's events per second to those of pgbench, round by round.</param>
/// <param name="BareRatio">The same of the bare intake, which is measured one at a time only; null otherwise.</param>
internal sealed record Comparison(int Concurrency, Ceiling Ceiling, SideSummary Host, SideSummary Pgbench, Spread Ratio, Spread? BareRatio)
{
    public static Comparison Of(int concurrency, Ceiling ceiling, IReadOnlyList<Turn> turns)
    {
        var (host, pgbench, bare) = (Of(Side.Host), Of(Side.Pgbench), Of(Side.Bare));
        return new(
            concurrency, ceiling, SideSummary.Of(host), SideSummary.Of(pgbench), RatioOf(host, pgbench), bare.Count == 0 ? null : RatioOf(bare, pgbench));

        List<Turn> Of(Side side) => [.. turns.Where(turn => turn.Concurrency == concurrency && turn.Side == side).OrderBy(turn => turn.Round)];
    }

    /// <summary>Of the same round, so that what slows the machine down for a while slows both.</summary>
    private static Spread RatioOf(List<Turn> ours, List<Turn> theirs) =>
        Spread.Of(ours.Zip(theirs, (mine, yours) => mine.EventsPerSecond / yours.EventsPerSecond));
}

/// <param name="EventsPerSecond">That it reaches.</param>
/// <param name="Processor">Milliseconds of that web server's processor time per event.</param>
internal sealed record Ceiling(double EventsPerSecond, double Processor);
