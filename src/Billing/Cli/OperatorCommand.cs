using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Billing.Api;
using Billing.Operations;

namespace Billing.Cli;

/// <summary>What the operators' commands have in common: a reason for every change, a table or JSON, and exit codes.</summary>
internal static class OperatorCommand
{
    /// <summary>The exit code for what was refused or is not there; why is on standard error.</summary>
    public const int Refused = 1;

    public static Option<bool> Json() => new("--json") { Description = "JSON, as the API under /v1/ops answers it." };

    public static Option<string> Reason()
    {
        var reason = new Option<string>("--reason") { Description = "Why; kept in the audit with your user name.", Required = true };
        reason.Validators.Add(parsed =>
        {
            if (!Operator.IsReason(parsed.GetValueOrDefault<string>()))
            {
                parsed.AddError(Operator.ReasonRule);
            }
        });
        return reason;
    }

    public static Argument<string> Org() => new("org") { Description = "The org's id." };

    /// <summary>Has the command do <paramref name="act"/> and write what came of it. What it writes goes to the output alone.</summary>
    public static void Does<T>(
        this Command command, Option<bool> json, Func<IServiceProvider, ParseResult, CancellationToken, Task<Result<T>>> act, Func<TextWriter, T, Task> write)
    {
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var refused = false;
            var code = await BillingProgram.RunQuietlyAsync(parsed, async (app, output) =>
            {
                var result = await act(app.Services, parsed, cancellationToken);
                refused = result.Error is not null;
                await (result.Error is { } refusal ? CommandContext.Of(parsed).Error.WriteLineAsync(refusal.Message)
                    : parsed.GetValue(json) ? output.WriteLineAsync(JsonSerializer.Serialize(result.Value, Api.Json.Options))
                    : write(output, result.Value));
            });
            return code == 0 && refused ? Refused : code;
        });
    }

    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "-";
}
