using System.CommandLine;
using Billing.Persistence;
using Billing.Reconciliation;
using Microsoft.Extensions.Options;

namespace Billing.Cli;

/// <summary>The program: its commands, which run on the host and say a wrong configuration in a sentence per key instead of a stack trace.</summary>
internal static class BillingProgram
{
    /// <summary>The exit code for a configuration, or a clock, that cannot work (EX_CONFIG of sysexits.h).</summary>
    private const int ConfigurationError = 78;

    /// <summary>The exit code for a command that found no usable database or could not use Stripe (EX_UNAVAILABLE).</summary>
    private const int Unavailable = 69;

    /// <summary>Parses and runs a command line; the exit code.</summary>
    public static Task<int> InvokeAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var billing = new RootCommand("The billing service. Without a command it serves.")
        {
            ServeCommand.Create(),
            MigrateCommand.Create(),
            KeysCommand.Create(),
            OrgsCommand.Create(),
            CreditsCommand.Create(),
            EventsCommand.Create(),
            ReconcileCommand.Create(),
            StripeCommand.Create(),
            CheckCommand.Create(),
            HealthCommand.Create(),
        };
        billing.SetAction((parsed, cancellationToken) => ServeCommand.RunAsync(parsed, [], cancellationToken));
        return billing.Parse(args).InvokeAsync(context);
    }

    /// <summary>Runs a command whose output is the log.</summary>
    public static Task<int> RunAsync(ParseResult parsed, IReadOnlyList<string> settings, Func<WebApplication, Task> command) =>
        RunAsync(CommandContext.Of(parsed), settings, log: null, command);

    /// <summary>Runs a command whose findings go to the output alone: the log, of errors only, goes where progress does.</summary>
    public static Task<int> RunQuietlyAsync(ParseResult parsed, Func<WebApplication, TextWriter, Task> command)
    {
        var context = CommandContext.Of(parsed);
        return RunAsync(context, ["--Serilog:MinimumLevel:Default=Error"], context.Error, app => command(app, context.Output));
    }

    private static Task<int> RunAsync(
        CommandContext context, IReadOnlyList<string> settings, TextWriter? log, Func<WebApplication, Task> command) => GuardAsync(context, async () =>
    {
        await using var app = BillingApp.Build(context.CreateBuilder(settings), log);
        app.Services.GetRequiredService<IStartupValidator>().Validate(); // first, so that all that is wrong is said at once
        await command(app);
        return 0;
    });

    /// <summary>Runs a command that needs no host.</summary>
    public static async Task<int> GuardAsync(CommandContext context, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OptionsValidationException wrong)
        {
            return await FailAsync(context, ConfigurationError, wrong.Failures);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(wrong => wrong is OptionsValidationException))
        {
            return await FailAsync(
                context, ConfigurationError, several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(wrong => wrong.Failures));
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            // The cause of a failed conversion names the key; what is above it only says that binding failed.
            var cause = unreadable.InnerException is InvalidOperationException inner ? inner : unreadable;
            return await FailAsync(context, ConfigurationError, [$"The configuration cannot be read: {cause.Message} Correct or remove that setting."]);
        }
        catch (WrongClockException wrong)
        {
            return await FailAsync(context, ConfigurationError, [wrong.Message]);
        }
        catch (Exception outage) when (DatabaseErrors.IsUnavailable(outage))
        {
            var advice = DatabaseErrors.IsSchemaUnusable(outage) ? ". " + DatabaseErrors.SchemaAdvice : "";
            return await FailAsync(context, Unavailable, [$"The database cannot be used: {DatabaseErrors.Reason(outage)}{advice}"]);
        }
        catch (Exception outage) when (IsOfStripe(outage))
        {
            return await FailAsync(context, Unavailable, [$"Stripe cannot be used: {outage.Message}"]);
        }
    }

    /// <summary>Unlike a caller of the API, whoever may run commands may see Stripe's words.</summary>
    private static bool IsOfStripe(Exception exception) =>
        exception is Stripe.StripeException or HttpRequestException or OperationCanceledException { InnerException: TimeoutException };

    private static bool IsUnreadable(Exception exception) =>
        exception is InvalidDataException
        || exception is InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" or "Serilog.Settings.Configuration" };

    private static async Task<int> FailAsync(CommandContext context, int code, IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            await context.Error.WriteLineAsync(sentence);
        }
        return code;
    }
}
