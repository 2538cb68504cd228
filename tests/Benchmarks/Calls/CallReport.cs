using System.Globalization;
using Benchmarks.Results;

namespace Benchmarks.Calls;

/// <summary>What came out of the calls, for readers and for programs.</summary>
/// <param name="Concurrency">Connections, and clients of pgbench.</param>
/// <param name="Orgs">Over how many.</param>
/// <param name="Comparisons">By call.</param>
/// <param name="IdleBytes">Resident memory of the host, started and never called.</param>
/// <param name="LoadedBytes">The same at the end of all rounds.</param>
/// <param name="BareBytes">The same of the bare web server.</param>
/// <param name="Problems">What was stored or answered wrongly; must be none.</param>
/// <param name="Turns">Every single measurement.</param>
internal sealed record CallReport(
    int Concurrency, int Orgs, IReadOnlyList<CallComparison> Comparisons, long IdleBytes, long LoadedBytes, long BareBytes, IReadOnlyList<string> Problems,
    IReadOnlyList<CallTurn> Turns) : IReport
{
    public string Name => "calls";

    public IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"Calls for {Orgs} orgs at random, {Concurrency} at once; medians, (least-most):");
        yield return "";
        yield return "| call | host, 1/s | bare web server, 1/s | ratio | pgbench, 1/s | ratio | p50 / p95 / p99, ms | errors |";
        yield return "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";
        foreach (var row in Comparisons)
        {
            yield return $"| {row.Call} | {Rate(row.Host)} | {Rate(row.Bare)} | **{Ratio(row.ToBare)}** | {Rate(row.Pgbench)} | **{Ratio(row.ToPgbench)}** "
                + $"| {row.Latency.P50:0.0} / {row.Latency.P95:0.0} / {row.Latency.P99:0.0} | {row.Errors} |";
        }
        yield return "";
        yield return "Per call; processor times in ms:";
        yield return "";
        yield return "| call | host | bare web server | its database | pgbench's database | allocated, kB |";
        yield return "| --- | ---: | ---: | ---: | ---: | ---: |";
        foreach (var row in Comparisons)
        {
            yield return $"| {row.Call} | {row.HostProcessor:0.000} | {row.BareProcessor:0.000} | {row.DatabaseProcessor:0.000} | {row.PgbenchProcessor:0.000} | {row.AllocatedBytes / 1024:0.0} |";
        }
        yield return "";
        yield return $"Resident memory of the host: {IdleBytes / 1e6:0} MB idle, {LoadedBytes / 1e6:0} MB under load; of the bare web server: {BareBytes / 1e6:0} MB under load.";
        foreach (var call in MeasuredCall.All.Where(call => call.Target is not null))
        {
            var (row, target) = (Comparisons.Single(row => row.Call == call.Name), call.Target!);
            var limit = target.Limit == Limit.Pgbench ? "pgbench" : "the bare web server";
            yield return $"{call.Name} at least {target.Ratio:0.00} of {limit}: {(row.Meets(target) == true ? "met" : "NOT MET")}.";
        }
        yield return $"Under 160 MB under load: {(LoadedBytes < 160e6 ? "met" : "NOT MET")}.";
        yield return Problems.Count == 0 ? "The ledgers add up, and hold the debits that were answered." : "WRONG:";
        foreach (var problem in Problems)
        {
            yield return $"- {problem}";
        }
    }

    private static string Rate(Spread rate) => $"{rate.Median:0} ({rate.Least:0}-{rate.Most:0})";

    private static string Ratio(Spread ratio) => $"{ratio.Median:0.00} ({ratio.Least:0.00}-{ratio.Most:0.00})";
}
