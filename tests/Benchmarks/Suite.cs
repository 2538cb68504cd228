using Benchmarks.Calls;
using Benchmarks.Checkout;
using Benchmarks.Results;
using Benchmarks.Sizes;
using Benchmarks.Start;

namespace Benchmarks;

/// <summary>All benchmarks, one after the other.</summary>
internal static class Suite
{
    private static readonly Dictionary<string, Func<BenchmarkOptions, CancellationToken, Task<IReport>>> Benchmarks = new()
    {
        ["webhooks"] = async (options, cancellationToken) => await WebhookBenchmark.RunAsync(options, cancellationToken),
        ["calls"] = CallBenchmark.RunAsync,
        ["checkout"] = CheckoutBenchmark.RunAsync,
        ["start"] = StartBenchmark.RunAsync,
        ["sizes"] = SizeBenchmark.RunAsync,
    };

    public static IReadOnlyCollection<string> Names => Benchmarks.Keys;

    /// <summary>Those that are run unless others are asked for: without the one that makes a million orgs first.</summary>
    public static IEnumerable<string> Usual => Names.Where(name => name != "sizes");

    /// <returns>Whether nothing was stored or answered wrongly; slow is not wrong.</returns>
    /// <exception cref="BenchmarkException">Something that it needs is missing or failed.</exception>
    public static async Task<bool> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(options.Program))
        {
            throw new BenchmarkException($"This runs on Linux, and needs the published host: {options.Program} (tests/bench.sh makes it).");
        }
        var isRight = true;
        foreach (var name in Names.Intersect(options.Only))
        {
            var report = await Benchmarks[name](options, cancellationToken);
            Console.WriteLine(report.ToMarkdown() + "\n");
            report.Write(options.Output);
            isRight &= report.Problems.Count == 0;
        }
        return isRight;
    }
}
