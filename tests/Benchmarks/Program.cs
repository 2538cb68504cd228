using System.CommandLine;
using Benchmarks;
using Benchmarks.Load;
using LocalPostgres;

// The turn that is under way ends before the processes and their folders are cleared away.
return await CommandLine.Create(RunAsync, BareEndpoint.RunAsync, BareIntake.RunAsync).Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
{
    try
    {
        return await Suite.RunAsync(options, cancellationToken) ? 0 : 1;
    }
    catch (Exception failure) when (failure is BenchmarkException or LocalPostgresException)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 2;
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        return 2;
    }
}
