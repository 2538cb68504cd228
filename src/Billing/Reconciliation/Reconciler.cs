using System.Diagnostics.Metrics;
using Billing.Persistence;
using Billing.Telemetry;

namespace Billing.Reconciliation;

/// <summary>
/// Finds where we and Stripe differ, and repairs what Stripe's evidence supports through the code that webhooks and activation use
/// (DESIGN section 6). Works page by page: after each, the run's row says where to go on.
/// </summary>
internal sealed partial class Reconciler(IEnumerable<IComparison> comparisons, ReconciliationRuns runs, ILogger<Reconciler> log)
{
    private static readonly Meter Meter = new(Otlp.Name);

    private static readonly Counter<long> Found = Meter.CreateCounter<long>(
        "billing.reconciliation.drift", "{object}", "Differences from Stripe that a reconciliation found, by type.");

    private static readonly Counter<long> Repaired = Meter.CreateCounter<long>(
        "billing.reconciliation.repaired", "{object}", "Differences from Stripe that a reconciliation repaired, by type.");

    private readonly List<IComparison> _comparisons = [.. comparisons];

    /// <summary>Does the next page. What it finds is reported again if the process dies before that is kept, and booked once.</summary>
    /// <returns>What it found; null if the run is another holder's by now.</returns>
    public async Task<IReadOnlyList<Drift>?> StepAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        using var span = Otlp.Spans.StartActivity("reconcile");
        // A phase that this version does not know is another version's: begin again, as every page may be repeated.
        var at = Math.Max(0, _comparisons.FindIndex(comparison => comparison.Phase == run.Phase));
        var page = await _comparisons[at].CompareAsync(run, run.Cursor, cancellationToken);
        var phase = page.Next is not null ? _comparisons[at].Phase : _comparisons.ElementAtOrDefault(at + 1)?.Phase ?? ReconciliationRun.Done;
        if (!await runs.AdvanceAsync(run, phase, page.Next, page, cancellationToken))
        {
            LogLost(run.Id);
            return null;
        }
        foreach (var drift in page.Found)
        {
            Count(drift);
        }
        if (run.IsDone)
        {
            LogFinished(run.Actor, run.Scope, run.Repair, run.Found, run.Repaired);
        }
        return page.Found;
    }

    private void Count(Drift drift)
    {
        var type = new KeyValuePair<string, object?>("type", EnumWords<DriftType>.Of(drift.Type));
        Found.Add(1, type);
        Repaired.Add(drift.IsRepaired ? 1 : 0, type);
        LogDrift(drift.Type, drift.OrgId, drift.ObjectId, drift.Detail, drift.IsRepaired);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Drift {DriftType} of org {OrgId}, {ObjectId}: {Detail}; repaired: {IsRepaired}")]
    private partial void LogDrift(DriftType driftType, string? orgId, string objectId, string detail, bool isRepaired);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Reconciliation by {Actor} of {Scope} is done (repair: {Repair}): {Found} found, {Repaired} repaired")]
    private partial void LogFinished(string actor, string scope, bool repair, long found, long repaired);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reconciliation {RunId} was taken over by another holder")]
    private partial void LogLost(Guid runId);
}
