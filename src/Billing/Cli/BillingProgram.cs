using Billing.Persistence;
using Billing.Reconciliation;
using Microsoft.Extensions.Options;

namespace Billing.Cli;

/// <summary>Runs a command on the host, and says a wrong configuration in a sentence per key instead of a stack trace.</summary>
internal static class BillingProgram
{
    /// <summary>The exit code for a configuration, or a clock, that cannot work (EX_CONFIG of sysexits.h).</summary>
    private const int ConfigurationError = 78;

    /// <summary>The exit code for a command that found no usable database or could not use Stripe (EX_UNAVAILABLE).</summary>
    private const int Unavailable = 69;

    public static Task<int> RunAsync(string[] settings, Func<WebApplication, Task> command) => GuardAsync(async () =>
    {
        await using var app = BillingApp.Build(BillingApp.CreateBuilder(settings));
        app.Services.GetRequiredService<IStartupValidator>().Validate(); // first, so that all that is wrong is said at once
        await command(app);
        return 0;
    });

    /// <summary>Runs a command whose findings go to standard output alone: the log, of errors only, and progress give way to standard error.</summary>
    public static Task<int> RunQuietlyAsync(Func<WebApplication, TextWriter, Task> command)
    {
        var output = Console.Out;
        Console.SetOut(Console.Error);
        return RunAsync(["--Serilog:MinimumLevel:Default=Error"], app => command(app, output));
    }

    /// <summary>Runs a command that needs no host.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OptionsValidationException wrong)
        {
            return await FailAsync(ConfigurationError, wrong.Failures);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(wrong => wrong is OptionsValidationException))
        {
            return await FailAsync(
                ConfigurationError, several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(wrong => wrong.Failures));
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            // The cause of a failed conversion names the key; what is above it only says that binding failed.
            var cause = unreadable.InnerException is InvalidOperationException inner ? inner : unreadable;
            return await FailAsync(ConfigurationError, [$"The configuration cannot be read: {cause.Message} Correct or remove that setting."]);
        }
        catch (WrongClockException wrong)
        {
            return await FailAsync(ConfigurationError, [wrong.Message]);
        }
        catch (Exception outage) when (DatabaseErrors.IsUnavailable(outage))
        {
            var advice = DatabaseErrors.IsSchemaUnusable(outage) ? ". " + DatabaseErrors.SchemaAdvice : "";
            return await FailAsync(Unavailable, [$"The database cannot be used: {DatabaseErrors.Reason(outage)}{advice}"]);
        }
        catch (Exception outage) when (IsOfStripe(outage))
        {
            return await FailAsync(Unavailable, [$"Stripe cannot be used: {outage.Message}"]);
        }
    }

    /// <summary>Unlike a caller of the API, whoever may run commands may see Stripe's words.</summary>
    private static bool IsOfStripe(Exception exception) =>
        exception is Stripe.StripeException or HttpRequestException or OperationCanceledException { InnerException: TimeoutException };

    private static bool IsUnreadable(Exception exception) =>
        exception is InvalidDataException
        || exception is InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" or "Serilog.Settings.Configuration" };

    private static async Task<int> FailAsync(int code, IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            await Console.Error.WriteLineAsync(sentence);
        }
        return code;
    }
}
