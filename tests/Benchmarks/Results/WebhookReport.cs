namespace Benchmarks.Results;

/// <summary>What came out, for readers and for programs.</summary>
/// <param name="Setting">What was measured, and where.</param>
/// <param name="Comparisons">By concurrency.</param>
/// <param name="StripeCalls">Calls of the host to Stripe; must be 0.</param>
/// <param name="Problems">What was stored or answered wrongly; must be none.</param>
/// <param name="Turns">Every single measurement.</param>
internal sealed record WebhookReport(
    Setting Setting, IReadOnlyList<Comparison> Comparisons, int StripeCalls, IReadOnlyList<string> Problems, IReadOnlyList<Turn> Turns) : IReport
{
    /// <summary>Microseconds of processor time for an event that are wanted where the bare web server uses <see cref="MostProcessorAtBare"/>.</summary>
    private const double MostProcessor = 120;

    private const double MostProcessorAtBare = 35;

    public string Name => "webhooks";

    public IEnumerable<string> Lines()
    {
        yield return $"Webhooks of {Setting.BodyBytes} bytes; medians of {Setting.Rounds} rounds of {Setting.SecondsPerTurn:0} s, (least-most); "
            + $"{Setting.Processors} processors, {Setting.Runtime}, PostgreSQL {Setting.PostgreSql}"
            + (Setting.IsInMemory ? ", DATA IN MEMORY: commits cost nothing there" : "");
        yield return "";
        yield return "| concurrency | host, events/s | pgbench, events/s | ratio | host p50 / p95 / p99, ms | pgbench p50 / p95 / p99, ms | errors |";
        yield return "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |";
        foreach (var (c, _, host, pgbench, ratio, _) in Comparisons)
        {
            yield return $"| {c} | {Rates(host)} | {Rates(pgbench)} | {Ratio(ratio)} "
                + $"| {Times(host)} | {Times(pgbench)} | {host.Errors} |";
        }
        yield return "";
        yield return "Per event; processor times in ms:";
        yield return "";
        yield return "| concurrency | host | its database | pgbench's database | WAL bytes, host | WAL bytes, pgbench | host's memory, MB | generator | its ceiling, events/s | bare web server |";
        yield return "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";
        foreach (var (c, ceiling, host, pgbench, _, _) in Comparisons)
        {
            yield return $"| {c} | {host.HostProcessor:0.000} | {host.DatabaseProcessor:0.000} | {pgbench.DatabaseProcessor:0.000} | {host.LogBytes:0} "
                + $"| {pgbench.LogBytes:0} | {host.ResidentBytes / 1e6:0} | {host.GeneratorProcessor:0.000} | {ceiling.EventsPerSecond:0} | {ceiling.Processor:0.000} |";
        }
        yield return "";
        if (Comparisons.FirstOrDefault(comparison => comparison.BareRatio is not null) is { BareRatio: { } bare })
        {
            yield return $"A bare web server that does pgbench's statements one event at a time reaches {bare.Median:0.00} ({bare.Least:0.00}-{bare.Most:0.00}) of it.";
        }
        foreach (var target in Target.All)
        {
            if (Comparisons.FirstOrDefault(comparison => comparison.Concurrency == target.Concurrency) is { } measured)
            {
                yield return $"Ratio at least {target.Ratio:0.0} at concurrency {target.Concurrency}: {(target.IsMet(measured) ? "met" : "NOT MET")}.";
            }
        }
        if (Comparisons.FirstOrDefault(comparison => comparison.Concurrency == 64) is { Host.HostProcessor: { } ofHost } many)
        {
            var (used, most) = (1000 * (ofHost + many.Host.DatabaseProcessor), MostProcessor / MostProcessorAtBare * 1000 * many.Ceiling.Processor);
            yield return $"Host and database use {used:0} µs for an event at concurrency 64; under {most:0} µs, as the bare web server uses "
                + $"{1000 * many.Ceiling.Processor:0} µs for the same request: {(used < most ? "met" : "NOT MET")}.";
        }
        yield return $"Calls to Stripe: {StripeCalls}.";
        yield return Problems.Count == 0 ? "All accepted events are stored once, and every subscription is as its newest event says." : "WRONG:";
        foreach (var problem in Problems)
        {
            yield return $"- {problem}";
        }
    }

    private static string Ratio(Spread ratio) => double.IsFinite(ratio.Median)
        ? $"**{ratio.Median:0.00}** ({ratio.Least:0.00}-{ratio.Most:0.00})"
        : "pgbench finished nothing";

    private static string Rates(SideSummary side) =>
        $"{side.EventsPerSecond.Median:0} ({side.EventsPerSecond.Least:0}-{side.EventsPerSecond.Most:0})";

    private static string Times(SideSummary side) => $"{side.Latency.P50:0.0} / {side.Latency.P95:0.0} / {side.Latency.P99:0.0}";
}
