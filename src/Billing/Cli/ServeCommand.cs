using System.CommandLine;

namespace Billing.Cli;

internal static class ServeCommand
{
    public static Command Create()
    {
        var settings = new Argument<string[]>("settings") { Description = "Configuration, such as --urls=http://0.0.0.0:8080.", Arity = ArgumentArity.ZeroOrMore };
        var serve = new Command("serve", "Answer requests until stopped.") { settings };
        serve.TreatUnmatchedTokensAsErrors = false;
        serve.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed, [.. parsed.GetValue(settings) ?? [], .. parsed.UnmatchedTokens], cancellationToken));
        return serve;
    }

    public static Task<int> RunAsync(ParseResult parsed, IReadOnlyList<string> settings, CancellationToken cancellationToken) =>
        BillingProgram.RunAsync(parsed, settings, app => app.RunAsync(cancellationToken));
}
