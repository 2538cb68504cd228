using Billing.Background;
using Billing.Persistence;
using Microsoft.Extensions.Options;

namespace Billing.Reconciliation;

/// <summary>Compares everything with Stripe every few hours, on one host at a time; another one goes on if that dies.</summary>
internal sealed partial class ScheduledReconciliation(
    Reconciler reconciler, ReconciliationRuns runs, IOptions<BillingOptions> options, ILogger<ScheduledReconciliation> log)
    : PollingWorker(TimeSpan.FromMinutes(1), log)
{
    public const string Actor = "reconciler";

    /// <summary>As long as Stripe keeps events (FACTS B.8).</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <summary>Webhooks arrive within seconds; one that did not for so long is worth a repair.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var wanted = options.Value.Reconciliation;
        if (wanted.Interval == TimeSpan.Zero)
        {
            return false;
        }
        var plan = new ReconciliationPlan(Actor, OrgId: null, wanted.Repair, Window, Patience, BuildsOnEarlier: true);
        try
        {
            if (await runs.TakeAsync(plan, wanted.Interval, cancellationToken) is { } run)
            {
                await GoThroughAsync(run, cancellationToken);
            }
        }
        catch (WrongClockException wrong)
        {
            LogWrongClock(wrong.Message); // a host whose clock is right takes the run
        }
        return false;
    }

    private async Task GoThroughAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        try
        {
            while (!run.IsDone && await reconciler.StepAsync(run, cancellationToken) is not null)
            {
            }
        }
        finally
        {
            await runs.ReleaseAsync(run);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Not reconciled: {Cause}")]
    private partial void LogWrongClock(string cause);
}
