using System.CommandLine;
using Billing.Operations;
using Billing.Persistence;
using Billing.Setup;
using Billing.Setup.Steps;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

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
        var reason = OperatorCommand.Reason();
        reason.Required = false;
        var setup = new Command("setup", "Make or mend prices, portal configuration and webhook endpoint from the catalog. Safe to repeat.") { url, dryRun, json, reason };
        setup.Validators.Add(parsed =>
        {
            if (!parsed.GetValue(dryRun) && parsed.GetValue(reason) is null)
            {
                parsed.AddError("Say why with --reason, or only look with --dry-run.");
            }
        });
        setup.SetAction((parsed, cancellationToken) => BillingProgram.GuardAsync(CommandContext.Of(parsed), () => RunAsync(
            CommandContext.Of(parsed), parsed.GetValue(url), parsed.GetValue(dryRun) ? null : Operator.OfCommand(parsed.GetValue(reason)!),
            parsed.GetValue(json), cancellationToken)));
        return setup;
    }

    /// <param name="url">Where Stripe reaches the service, or null.</param>
    /// <param name="by">Who wants it; null: a dry run.</param>
    /// <param name="cancellationToken">Ends it between two calls of Stripe.</param>
    private static async Task<int> RunAsync(CommandContext context, string? url, Operator? by, bool isJson, CancellationToken cancellationToken)
    {
        var report = new SetupReport(context.Output, context.Error, isJson);
        var configuration = context.CreateBuilder().Configuration;
        var settings = SetupSettings.Read(configuration);
        using var http = new HttpClient(StripeClients.Connections()) { Timeout = settings.Options.Timeout };
        var setup = new AccountSetup(settings.Client(http), settings.Catalog);
        try
        {
            var steps = await setup.PlanAsync(settings.Scope(url), cancellationToken);
            if (by is null)
            {
                await report.PlannedAsync(steps);
                return 0;
            }
            await NoteAsync(context, configuration.GetConnectionString("Billing"), steps, by, cancellationToken);
            var portal = await setup.ApplyAsync(steps, report.SecretAsync, report.DoneAsync, cancellationToken);
            await report.CloseAsync(steps, portal);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await context.Error.WriteLineAsync("Interrupted. The same command goes on from here.");
            return Interrupted;
        }
    }

    /// <summary>An account can be set up before there is a database, and then there is no audit yet.</summary>
    private static async Task NoteAsync(
        CommandContext context, string? database, IReadOnlyList<Step> steps, Operator by, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(database))
        {
            await context.Error.WriteLineAsync("Not noted in the audit: ConnectionStrings:Billing is not set.");
            return;
        }
        await using var db = new BillingDb(new DbContextOptionsBuilder<BillingDb>().UseNpgsql(database).Options);
        try
        {
            await new OperatorAudit(TimeProvider.System).NoteAsync(db, steps, by, cancellationToken);
        }
        catch (Exception missing) when (DatabaseErrors.IsWithoutSchema(missing))
        {
            await context.Error.WriteLineAsync("Not noted in the audit: the database has no schema yet. 'billing migrate' makes it.");
        }
    }
}
