using Benchmarks;
using Benchmarks.Load;
using LocalPostgres;

return await CommandLine.Create(RunAsync, BareEndpoint.RunAsync).Parse(args).InvokeAsync();

static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
{
    try
    {
        var report = await WebhookBenchmark.RunAsync(options, cancellationToken);
        Console.WriteLine(report.ToMarkdown());
        report.Write(options.Output);
        return report.Problems.Count == 0 ? 0 : 1;
    }
    catch (Exception failure) when (failure is BenchmarkException or LocalPostgresException)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 2;
    }
}
