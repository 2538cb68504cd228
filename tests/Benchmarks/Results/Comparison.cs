namespace Benchmarks.Results;

/// <summary>Both sides at one concurrency.</summary>
/// <param name="Concurrency">Connections, and clients of pgbench.</param>
/// <param name="Ceiling">Events per second that the load generator reaches against a web server that does nothing.</param>
/// <param name="Host">The host's side.</param>
/// <param name="Pgbench">pgbench's side.</param>
/// <param name="Ratio">Of the host's events per second to those of pgbench, round by round.</param>
internal sealed record Comparison(int Concurrency, double Ceiling, SideSummary Host, SideSummary Pgbench, Spread Ratio)
{
    public static Comparison Of(int concurrency, double ceiling, IReadOnlyList<Turn> turns)
    {
        var host = turns.Where(turn => turn.Concurrency == concurrency && turn.Side == Side.Host).OrderBy(turn => turn.Round).ToList();
        var pgbench = turns.Where(turn => turn.Concurrency == concurrency && turn.Side == Side.Pgbench).OrderBy(turn => turn.Round).ToList();
        // Of the same round, so that what slows the machine down for a while slows both.
        var ratios = host.Zip(pgbench, (ours, theirs) => ours.EventsPerSecond / theirs.EventsPerSecond);
        return new(concurrency, ceiling, SideSummary.Of(host), SideSummary.Of(pgbench), Spread.Of(ratios));
    }
}
