using Benchmarks.Calls;
using Benchmarks.Results;

namespace Benchmarks.Sizes;

/// <summary>The same calls over a thousand, a hundred thousand and a million orgs with ten ledger entries and ten events each: what each costs.</summary>
internal static class SizeBenchmark
{
    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000];

    /// <exception cref="BenchmarkException">Something that it needs is missing or failed.</exception>
    public static async Task<IReport> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var (measured, problems, hugePages) = (new List<SizedCall>(), new List<string>(), false);
        foreach (var size in Sizes)
        {
            Console.WriteLine($"making {size} orgs");
            await using var host = await LedgerHost.StartAsync(options, size, withYardstick: false, cancellationToken);
            hugePages = host.Cluster.HasHugePages;
            var turns = new List<CallTurn>();
            foreach (var call in MeasuredCall.All)
            {
                await host.WarmUpAsync(call, cancellationToken);
            }
            for (var round = 1; round <= options.Rounds; round++)
            {
                foreach (var call in MeasuredCall.All)
                {
                    turns.Add(await host.TakeTurnAsync(call, round, options.Turn, cancellationToken));
                    Console.WriteLine($"{size} orgs, round {round}, {call.Name}: {turns[^1].PerSecond:0} a second, p99 {turns[^1].Latency.P99:0.0} ms");
                }
            }
            await host.VerifyAsync(cancellationToken);
            problems.AddRange(host.Problems.Select(problem => $"{size} orgs: {problem}"));
            measured.AddRange(MeasuredCall.All.Select(call => SizedCall.Of(call.Name, size, [.. turns.Where(turn => turn.Call == call.Name)])));
        }
        return new SizeReport(measured, hugePages, problems);
    }
}
