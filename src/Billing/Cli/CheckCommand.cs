using System.CommandLine;
using System.Text.Json;
using Billing.Api;
using Billing.Doctor;
using Billing.Operations;

namespace Billing.Cli;

internal static class CheckCommand
{
    /// <summary>The exit code if any finding is an error.</summary>
    private const int Wrong = 1;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "A JSON object per finding and line instead of sentences." };
        var check = new Command("check", "Find what is wrong with configuration, Stripe account and database. Changes nothing. Exit code 1 if anything is an error.") { json };
        check.SetAction(async (parsed, cancellationToken) =>
        {
            var exit = 0;
            var code = await BillingProgram.RunQuietlyAsync(parsed, async (app, output) =>
            {
                var found = await app.Services.GetRequiredService<Checkup>().RunAsync(cancellationToken);
                await WriteAsync(output, found, parsed.GetValue(json));
                exit = found.Any(finding => finding.Kind.Severity == Severity.Error) ? Wrong : 0;
            });
            return code == 0 ? exit : code;
        });
        return check;
    }

    private static async Task WriteAsync(TextWriter output, IReadOnlyList<Finding> found, bool isJson)
    {
        foreach (var finding in found.Select(FindingResponse.Of))
        {
            await output.WriteLineAsync(isJson
                ? JsonSerializer.Serialize(finding, Json.Options)
                : TextTable.Plain($"{finding.Severity.ToString().ToLowerInvariant(),-7} {finding.Code}: {finding.Wrong} {finding.Fix}"));
        }
        if (!isJson)
        {
            await output.WriteLineAsync(found.Count == 0 ? "Nothing is wrong." : $"{found.Count} found.");
        }
    }
}
