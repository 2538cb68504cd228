using DevHost;
using LocalPostgres;

return await CommandLine.Create(RunAsync).Parse(args).InvokeAsync();

static async Task<int> RunAsync(DevHostOptions options, CancellationToken cancellationToken)
{
    try
    {
        await using var stack = await DevStack.StartAsync(options, cancellationToken);
        stack.Guide.WriteFiles(options);
        Console.WriteLine(stack.Guide.ToText());
        await stack.WaitAsync(cancellationToken);
        return 0;
    }
    catch (Exception failure) when (failure is LocalPostgresException or DevHostException)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 1;
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        return 0;
    }
}
