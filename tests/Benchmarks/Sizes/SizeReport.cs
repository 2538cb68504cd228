using Benchmarks.Results;

namespace Benchmarks.Sizes;

/// <summary>What came out of the sizes, for readers and for programs.</summary>
/// <param name="Calls">One for each call and size.</param>
/// <param name="HugePages">Whether PostgreSQL's shared memory was in huge pages.</param>
/// <param name="Problems">What was stored or answered wrongly.</param>
internal sealed record SizeReport(IReadOnlyList<SizedCall> Calls, bool HugePages, IReadOnlyList<string> Problems) : IReport
{
    private const double MostGrowth = 1.3;

    public string Name => "sizes";

    public IEnumerable<string> Lines()
    {
        yield return "Calls over ever more orgs, with ten ledger entries and ten events each, 64 at once; medians, (least-most), processor times in ms:";
        yield return "";
        yield return "| call | orgs | host, 1/s | p50 / p95 / p99, ms | host | its database | together, to the fewest orgs |";
        yield return "| --- | ---: | ---: | ---: | ---: | ---: | ---: |";
        foreach (var row in Calls.OrderBy(row => row.Call, StringComparer.Ordinal).ThenBy(row => row.Orgs))
        {
            yield return $"| {row.Call} | {row.Orgs} | {row.PerSecond.Median:0} ({row.PerSecond.Least:0}-{row.PerSecond.Most:0}) "
                + $"| {row.Latency.P50:0.0} / {row.Latency.P95:0.0} / {row.Latency.P99:0.0} | {row.Host:0.000} | {row.Database:0.000} | {Growth(row):0.00} |";
        }
        yield return "";
        foreach (var call in Calls.GroupBy(row => row.Call))
        {
            var most = Growth(call.MaxBy(row => row.Orgs)!);
            yield return $"{call.Key} costs at most {MostGrowth:0.0} times as much over the most orgs: {(most <= MostGrowth ? "met" : "NOT MET")}.";
        }
        yield return HugePages
            ? "PostgreSQL had huge pages."
            : "PostgreSQL had no huge pages: its processes map every page of its memory for themselves, which the larger sizes pay for (docs/performance.md).";
        yield return Problems.Count == 0 ? "The ledgers add up, and hold the debits that were answered." : "WRONG:";
        foreach (var problem in Problems)
        {
            yield return $"- {problem}";
        }
    }

    private double Growth(SizedCall row) => row.Processor / Calls.Where(other => other.Call == row.Call).MinBy(other => other.Orgs)!.Processor;
}
