using System.CommandLine;
using System.CommandLine.Invocation;
using DevHost;
using LocalPostgres;
using Microsoft.Extensions.Options;

var parsed = CommandLine.Create(RunAsync).Parse(args);
if (parsed.Action is ParseErrorAction wrong)
{
    wrong.ShowHelp = false;
}
// The service finishes its requests and PostgreSQL writes its data before the process ends: longer than the usual two seconds.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

static async Task<int> RunAsync(DevHostOptions options, CancellationToken cancellationToken)
{
    using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    var watching = Launcher.CancelWhenGoneAsync(end);
    try
    {
        await using var stack = await DevStack.StartAsync(options, end.Token);
        stack.Guide.WriteFiles(options);
        Console.WriteLine(stack.Guide.ToText(options.DataFolder));
        await stack.WaitAsync(end.Token);
        return 0;
    }
    catch (Exception failure) when (
        failure is DevHostException or LocalPostgresException or PlatformNotSupportedException or OptionsValidationException)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 1;
    }
    catch (OperationCanceledException) when (end.IsCancellationRequested)
    {
        return 0;
    }
    finally
    {
        await end.CancelAsync();
        await watching;
    }
}
