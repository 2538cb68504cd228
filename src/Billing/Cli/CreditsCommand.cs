using System.CommandLine;
using Billing.Api;
using Billing.Catalog;
using Billing.Ledger;
using Billing.Operations;

namespace Billing.Cli;

internal static class CreditsCommand
{
    /// <summary>The exit code for ledgers that do not add up, or an org that there is not.</summary>
    private const int Wrong = 1;

    private const int Slice = 200;

    public static Command Create() => new("credits", "Credits.")
    {
        CreateAdjustment(
            "grant", "Give credits that never expire. Example: credits grant acme 500 --reason 'outage' --reference TICKET-123",
            (credits, org, wanted, by, cancellationToken) => credits.GrantAsync(org, wanted, by, cancellationToken)),
        CreateAdjustment(
            "revoke", "Take credits, no more than are available.",
            (credits, org, wanted, by, cancellationToken) => credits.RevokeAsync(org, wanted, by, cancellationToken)),
        CreateVerify(),
    };

    private static Command CreateAdjustment(
        string name, string description, Func<CreditAdjustments, string, Adjustment, Operator, CancellationToken, Task<Result<AdjustmentResponse>>> adjust)
    {
        var (org, reason) = (OperatorCommand.Org(), OperatorCommand.Reason());
        var amount = new Argument<long>("amount") { Description = $"1 to {TopUpOptions.MostCredits} credits." };
        amount.Validators.Add(parsed =>
        {
            if (parsed.GetValueOrDefault<long>() is < 1 or > TopUpOptions.MostCredits)
            {
                parsed.AddError($"The amount is 1 to {TopUpOptions.MostCredits} credits.");
            }
        });
        var reference = new Option<string?>("--reference") { Description = "Makes it happen once per org, such as the number of a ticket. Default: a new one." };
        reference.Validators.Add(parsed =>
        {
            if (parsed.GetValueOrDefault<string?>() is { } text && !AdjustmentValidator.IsReference(text))
            {
                parsed.AddError(AdjustmentValidator.ReferenceRule);
            }
        });
        var command = new Command(name, description) { org, amount, reason, reference };
        command.Does(
            OperatorCommand.Json(),
            (services, parsed, cancellationToken) => adjust(
                services.GetRequiredService<CreditAdjustments>(), parsed.GetValue(org)!, new Adjustment(parsed.GetValue(amount), parsed.GetValue(reference)),
                Operator.OfCommand(parsed.GetValue(reason)!), cancellationToken),
            (output, done) => output.WriteLineAsync($"Done as {done.Reference}: balance {done.Balance}, available {done.Available}, debt {done.Debt}."));
        return command;
    }

    private static Command CreateVerify()
    {
        var org = new Option<string?>("--org") { Description = "Only this org." };
        var json = new Option<bool>("--json") { Description = "A JSON object per ledger that does not add up, and of the one of --org in any case." };
        var verify = new Command("verify", "Check that every ledger adds up; changes nothing. Exit code 1 if one does not.") { org, json };
        verify.SetAction(async (parsed, cancellationToken) =>
        {
            var clean = false;
            var code = await BillingProgram.RunQuietlyAsync(parsed, async (app, output) =>
            {
                var (probe, report) = (app.Services.GetRequiredService<LedgerProbe>(), new LedgerReport(output, CommandContext.Of(parsed).Error, parsed.GetValue(json)));
                clean = parsed.GetValue(org) is { } id
                    ? await VerifyAsync(probe, report, id, cancellationToken)
                    : await VerifyAllAsync(probe, report, cancellationToken);
            });
            return code == 0 && !clean ? Wrong : code;
        });
        return verify;
    }

    private static async Task<bool> VerifyAsync(LedgerProbe probe, LedgerReport report, string orgId, CancellationToken cancellationToken)
    {
        if (await probe.CheckAsync(orgId, cancellationToken) is not { } finding)
        {
            await report.NoteAsync("There is no such org.");
            return false;
        }
        await report.WriteAsync(finding);
        return await report.CloseAsync();
    }

    private static async Task<bool> VerifyAllAsync(LedgerProbe probe, LedgerReport report, CancellationToken cancellationToken)
    {
        for (var last = ""; await probe.CheckAsync(last, Slice, cancellationToken) is { Count: > 0 } found; last = found[^1].OrgId)
        {
            foreach (var finding in found)
            {
                await report.CountAsync(finding);
            }
        }
        return await report.CloseAsync();
    }
}
