using System.Globalization;
using Benchmarks.Results;

namespace Benchmarks.Checkout;

/// <summary>What came out of the checkouts, for readers and for programs.</summary>
/// <param name="Rows">By how Stripe answers, and how many buyers at a time.</param>
/// <param name="Held">Buyers of the last row, each of whom comes once, all at the same moment.</param>
/// <param name="Wait">Of each call to the slower Stripe.</param>
/// <param name="Problems">What was stored or answered wrongly; must be none.</param>
/// <param name="Turns">Every single measurement.</param>
internal sealed record CheckoutReport(
    IReadOnlyList<CheckoutRow> Rows, int Held, TimeSpan Wait, IReadOnlyList<string> Problems, IReadOnlyList<CheckoutTurn> Turns) : IReport
{
    private const double MostTimesStripe = 1.5;

    public string Name => "checkout";

    public IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"Checkouts, medians, (least-most); of {Held} at a time each buyer comes once; processor times in ms:");
        yield return "";
        yield return "| Stripe answers | at a time | checkouts/s | p50 / p95 / p99, ms | calls to Stripe | host | its database | sandbox | threads | slowest /health/live, ms |";
        yield return "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";
        foreach (var row in Rows)
        {
            yield return $"| {row.Stripe} | {row.Concurrency} | {row.PerSecond.Median:0} ({row.PerSecond.Least:0}-{row.PerSecond.Most:0}) "
                + $"| {row.Latency.P50:0} / {row.Latency.P95:0} / {row.Latency.P99:0} | {row.StripeCalls:0.0} | {row.Host:0.00} | {row.Database:0.00} "
                + $"| {row.Sandbox:0.00} | {row.MostThreads} | {row.LongestAnswer:0} |";
        }
        yield return "";
        foreach (var row in Rows.Where(row => row.Concurrency > 1 && row.Stripe != Rows[0].Stripe))
        {
            var most = MostTimesStripe * Math.Round(row.StripeCalls) * Wait.TotalMilliseconds;
            yield return $"p99 with {row.Concurrency} at a time under {most:0} ms, {MostTimesStripe:0.0} times its calls to Stripe: {(row.Latency.P99 < most ? "met" : "NOT MET")}.";
        }
        yield return Problems.Count == 0 ? "Every checkout that was answered has its session, and no org has two." : "WRONG:";
        foreach (var problem in Problems)
        {
            yield return $"- {problem}";
        }
    }
}
