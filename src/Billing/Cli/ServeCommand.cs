using System.CommandLine;
using Microsoft.Extensions.Options;

namespace Billing.Cli;

internal static class ServeCommand
{
    /// <summary>The exit code for a configuration that cannot work (EX_CONFIG of sysexits.h).</summary>
    public const int ConfigurationError = 78;

    public static Command Create()
    {
        var settings = new Argument<string[]>("settings") { Description = "Configuration, such as --urls=http://0.0.0.0:8080.", Arity = ArgumentArity.ZeroOrMore };
        var serve = new Command("serve", "Answer requests until stopped.") { settings };
        serve.TreatUnmatchedTokensAsErrors = false;
        serve.SetAction((parsed, cancellationToken) =>
            RunAsync([.. parsed.GetValue(settings) ?? [], .. parsed.UnmatchedTokens], cancellationToken));
        return serve;
    }

    public static async Task<int> RunAsync(string[] settings, CancellationToken cancellationToken)
    {
        return await WithConfigurationErrors(async () =>
        {
            await using var app = BillingApp.Build(BillingApp.CreateBuilder(settings));
            await app.RunAsync(cancellationToken);
        });
    }

    /// <summary>Says a wrong configuration in a sentence per key instead of a stack trace.</summary>
    public static async Task<int> WithConfigurationErrors(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var sentence in wrong.Failures)
            {
                await Console.Error.WriteLineAsync(sentence);
            }
            return ConfigurationError;
        }
    }
}
