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
        var verify = new Command("verify", "Check that every ledger adds up; changes nothing. Exit code 1 if one does not.") { org };
        verify.SetAction(async (parsed, cancellationToken) =>
        {
            var clean = false;
            var code = await BillingProgram.RunAsync([], async app =>
            {
                var probe = app.Services.GetRequiredService<LedgerProbe>();
                clean = parsed.GetValue(org) is { } id
                    ? await VerifyAsync(probe, id, cancellationToken)
                    : await VerifyAllAsync(probe, cancellationToken);
            });
            return code == 0 && !clean ? Wrong : code;
        });
        return verify;
    }

    private static async Task<bool> VerifyAsync(LedgerProbe probe, string orgId, CancellationToken cancellationToken)
    {
        if (await probe.CheckAsync(orgId, cancellationToken) is not { } finding)
        {
            await Console.Error.WriteLineAsync("There is no such org.");
            return false;
        }
        return await ReportAsync([finding]) && await SummariseAsync(1, wrong: 0);
    }

    private static async Task<bool> VerifyAllAsync(LedgerProbe probe, CancellationToken cancellationToken)
    {
        var (looked, wrong, last) = (0, 0, "");
        while (await probe.CheckAsync(last, Slice, cancellationToken) is { Count: > 0 } found)
        {
            await ReportAsync(found);
            looked += found.Count;
            wrong += found.Count(finding => !finding.IsClean);
            last = found[^1].OrgId;
        }
        return await SummariseAsync(looked, wrong);
    }

    private static async Task<bool> ReportAsync(IReadOnlyList<LedgerFinding> found)
    {
        foreach (var finding in found.Where(finding => !finding.IsClean))
        {
            await Console.Out.WriteLineAsync($"{finding.OrgId}: {finding.Wrong}");
        }
        return found.All(finding => finding.IsClean);
    }

    private static async Task<bool> SummariseAsync(int looked, int wrong)
    {
        await Console.Out.WriteLineAsync(wrong == 0 ? $"All {looked} ledgers add up." : $"{wrong} of {looked} ledgers do not add up.");
        return wrong == 0;
    }
}
