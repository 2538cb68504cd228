using System.Globalization;
using Billing.Cli;

namespace Billing.Tests.World;

/// <summary>The program's commands in this process: one of its own takes seconds to start. <see cref="ProgramTests"/> run the program itself.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string?> settings, params IReadOnlyList<string> args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await BillingProgram.InvokeAsync(args, new CommandContext
        {
            Output = TextWriter.Synchronized(output),
            Error = TextWriter.Synchronized(error), // the log's as well
            Settings = [.. settings.Where(setting => setting.Value is not null).Select(setting => $"--{setting.Key}={setting.Value}")],
            ProcessTerminationTimeout = null, // signals are the test run's
        }).WaitAsync(Patience);
        return (code, output.ToString(), error.ToString());
    }
}
