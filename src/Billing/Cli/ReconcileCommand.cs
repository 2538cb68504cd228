using System.CommandLine;
using Billing.Operations;
using Billing.Orgs;
using Billing.Persistence;
using Billing.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace Billing.Cli;

internal static class ReconcileCommand
{
    /// <summary>The exit code for drift that is left, or an org that there is not.</summary>
    private const int DriftLeft = 1;

    /// <summary>The exit code while somebody else is at the same run (EX_UNAVAILABLE).</summary>
    private const int Busy = 69;

    /// <summary>The exit code after Ctrl-C, as shells have it.</summary>
    private const int Interrupted = 130;

    private const string Actor = "cli";

    public static Command Create()
    {
        var org = new Option<string?>("--org") { Description = "Only this org." };
        var repair = new Option<bool>("--repair") { Description = "Repair what Stripe's evidence supports; without it nothing is changed." };
        var json = new Option<bool>("--json") { Description = "A JSON object per line instead of a table." };
        var days = new Option<int>("--days")
        {
            Description = "How far back events and checkout sessions are compared, 1 to 365; Stripe keeps events for 30.",
            DefaultValueFactory = _ => 30,
        };
        days.Validators.Add(parsed =>
        {
            if (parsed.GetValueOrDefault<int>() is < 1 or > 365)
            {
                parsed.AddError("Set --days to 1 to 365.");
            }
        });
        var reason = OperatorCommand.Reason();
        reason.Required = false;
        var command = new Command("reconcile", "Compare with Stripe. Exit code 1 if drift is left. Goes on with an interrupted run of the same options.")
        {
            org, repair, json, days, reason,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(repair) && parsed.GetValue(reason) is null)
            {
                parsed.AddError("Say why with --reason, or only look, without --repair.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (exit, window) = (0, TimeSpan.FromDays(parsed.GetValue(days)));
            var plan = new ReconciliationPlan(Actor, parsed.GetValue(org), parsed.GetValue(repair), window, TimeSpan.Zero, BuildsOnEarlier: false);
            var by = parsed.GetValue(reason) is { } why ? Operator.OfCommand(why) : null;
            var code = await BillingProgram.RunQuietlyAsync(parsed, async (app, output) =>
                exit = await RunAsync(app.Services, plan, by, new DriftReport(output, CommandContext.Of(parsed).Error, parsed.GetValue(json)), cancellationToken));
            return code == 0 ? exit : code;
        });
        return command;
    }

    private static async Task<int> RunAsync(
        IServiceProvider services, ReconciliationPlan plan, Operator? by, DriftReport report, CancellationToken cancellationToken)
    {
        if (plan.OrgId is { } id && !await ExistsAsync(services, id, cancellationToken))
        {
            await report.NoteAsync("There is no such org.");
            return DriftLeft;
        }
        var runs = services.GetRequiredService<ReconciliationRuns>();
        if (await TakeAsync(runs, plan, report, cancellationToken) is not { } run)
        {
            await report.NoteAsync("Somebody else is at a run of the same options. Try again when that has ended.");
            return Busy;
        }
        try
        {
            if (by is not null)
            {
                await services.GetRequiredService<OperatorAudit>().NoteAsync(
                    services.GetRequiredService<IDbContextFactory<BillingDb>>(), run, by, cancellationToken);
            }
            return await GoThroughAsync(services.GetRequiredService<Reconciler>(), run, report, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await report.NoteAsync("Interrupted. The same command goes on from here.");
            return Interrupted;
        }
        finally
        {
            await runs.ReleaseAsync(run);
        }
    }

    private static async Task<int> GoThroughAsync(Reconciler reconciler, ReconciliationRun run, DriftReport report, CancellationToken cancellationToken)
    {
        if (run.Phase is not null)
        {
            await report.NoteAsync(
                $"Going on with the run of {run.StartedAt:u}, which found {run.Found} and repaired {run.Repaired}. Events since then are not in it: run it again after.");
        }
        for (var pages = 1; !run.IsDone; pages++)
        {
            if (await reconciler.StepAsync(run, cancellationToken) is not { } found)
            {
                await report.NoteAsync("Somebody else took the run over.");
                return Busy;
            }
            await report.WriteAsync(found);
            await report.NoteAsync($"Page {pages}: {(run.IsDone ? "done" : "next " + run.Phase)}, {run.Found} found, {run.Repaired} repaired");
        }
        await report.CloseAsync(run);
        return run.Found == run.Repaired ? 0 : DriftLeft;
    }

    /// <summary>Waits for another holder: one that died is succeeded when its lease is up.</summary>
    private static async Task<ReconciliationRun?> TakeAsync(
        ReconciliationRuns runs, ReconciliationPlan plan, DriftReport report, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            if (await runs.TakeAsync(plan, interval: TimeSpan.Zero, cancellationToken) is { } run)
            {
                return run;
            }
            if (TimeProvider.System.GetElapsedTime(started) > ReconciliationRuns.LeaseDuration)
            {
                return null;
            }
            if (isFirst)
            {
                await report.NoteAsync("Somebody else is at a run of the same options; waiting in case that one died.");
            }
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private static async Task<bool> ExistsAsync(IServiceProvider services, string orgId, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<BillingDb>>().CreateDbContextAsync(cancellationToken);
        return OrgId.IsValid(orgId) && await db.Orgs.AnyAsync(org => org.Id == orgId, cancellationToken);
    }
}
