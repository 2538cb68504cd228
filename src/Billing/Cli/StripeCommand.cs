using System.CommandLine;
using Billing.Setup;

namespace Billing.Cli;

internal static class StripeCommand
{
    /// <summary>The exit code after Ctrl-C, as shells have it.</summary>
    private const int Interrupted = 130;

    public static Command Create() => new("stripe", "The Stripe account.") { CreateSetup() };

    private static Command CreateSetup()
    {
        var url = new Option<string?>("--webhook-url") { Description = "Where Stripe reaches the service; default Stripe:WebhookUrl. Without either endpoints are left alone." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be done, and change nothing." };
        var json = new Option<bool>("--json") { Description = "A JSON object per line instead of sentences." };
        url.Validators.Add(parsed =>
        {
            if (parsed.GetValueOrDefault<string?>() is { } given && !StripeOptions.IsWebAddress(given))
            {
                parsed.AddError("Set --webhook-url to an absolute URL such as https://billing.example.com/v1/billing/webhook.");
            }
        });
        var setup = new Command("setup", "Make or mend prices, portal configuration and webhook endpoint from the catalog. Safe to repeat.") { url, dryRun, json };
        setup.SetAction((parsed, cancellationToken) => BillingProgram.GuardAsync(() => RunAsync(
            parsed.GetValue(url), parsed.GetValue(dryRun), new SetupReport(Console.Out, Console.Error, parsed.GetValue(json)), cancellationToken)));
        return setup;
    }

    private static async Task<int> RunAsync(string? url, bool isDryRun, SetupReport report, CancellationToken cancellationToken)
    {
        var settings = SetupSettings.Read(BillingApp.CreateBuilder([]).Configuration);
        var scope = new SetupScope { PortalConfiguration = settings.Options.PortalConfiguration, WebhookUrl = url ?? settings.Options.WebhookUrl };
        if (settings.IsLive && scope.WebhookUrl?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == false)
        {
            throw SetupSettings.Wrong("--webhook-url or Stripe:WebhookUrl is not https: Stripe delivers live events to https only; give it such a URL.");
        }
        using var http = new HttpClient { Timeout = settings.Options.Timeout };
        var setup = new AccountSetup(settings.Client(http), settings.Catalog);
        try
        {
            var steps = await setup.PlanAsync(scope, cancellationToken);
            if (isDryRun)
            {
                await report.PlannedAsync(steps);
                return 0;
            }
            var portal = await setup.ApplyAsync(steps, report.SecretAsync, report.DoneAsync, cancellationToken);
            await report.CloseAsync(steps, portal);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted. The same command goes on from here.");
            return Interrupted;
        }
    }
}
