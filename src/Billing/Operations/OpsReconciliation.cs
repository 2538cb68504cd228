using Billing.Api;
using Billing.Persistence;
using Billing.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace Billing.Operations;

/// <summary>A reconciliation over HTTP: each call goes on with the run for a while, as a run may take longer than a request can.</summary>
internal sealed class OpsReconciliation(
    IDbContextFactory<BillingDb> databases, ReconciliationRuns runs, Reconciler reconciler, OperatorAudit audit)
{
    private const string Actor = "ops";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <returns>404 without such an org; 409 <c>in_progress</c> while somebody else is at the same run, <c>wrong_clock</c> if it would repair by a wrong time.</returns>
    public async Task<Result<ReconcileResponse>> GoOnAsync(ReconcileRequest wanted, Operator by, CancellationToken cancellationToken)
    {
        if (wanted.Org is { } org && !await ExistsAsync(org, cancellationToken))
        {
            return ApiError.NotFound("There is no such org.");
        }
        var plan = new ReconciliationPlan(Actor, wanted.Org, wanted.Repair, Window, TimeSpan.Zero, BuildsOnEarlier: false);
        try
        {
            return await runs.TakeAsync(plan, interval: TimeSpan.Zero, cancellationToken) is { } run
                ? await WorkAsync(run, by, cancellationToken)
                : ApiError.InProgress("Somebody else is at this run.");
        }
        catch (WrongClockException wrong)
        {
            return ApiError.Conflict("wrong_clock", wrong.Message);
        }
    }

    private async Task<Result<ReconcileResponse>> WorkAsync(ReconciliationRun run, Operator by, CancellationToken cancellationToken)
    {
        try
        {
            await audit.NoteAsync(databases, run, by, cancellationToken);
            return await StepAsync(run, cancellationToken);
        }
        finally
        {
            await runs.ReleaseAsync(run);
        }
    }

    private async Task<Result<ReconcileResponse>> StepAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        var (started, drift) = (TimeProvider.System.GetTimestamp(), new List<DriftResponse>());
        while (!run.IsDone && TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            if (await reconciler.StepAsync(run, cancellationToken) is not { } found)
            {
                return ApiError.InProgress("Somebody else took the run over.");
            }
            drift.AddRange(found.Select(one => new DriftResponse(one.Type, one.OrgId, one.ObjectId, one.Detail, one.IsRepaired)));
        }
        return new ReconcileResponse(run.IsDone, run.StartedAt, run.Found, run.Repaired, drift);
    }

    private async Task<bool> ExistsAsync(string orgId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Orgs.AnyAsync(org => org.Id == orgId, cancellationToken);
    }
}

/// <param name="Done">Whether everything was compared; if not, send the same again.</param>
/// <param name="StartedAt">When the run began: what happened since is not in it, and is looked at by another run.</param>
/// <param name="Found">How many differences the run has found up to now.</param>
/// <param name="Repaired">How many of them it has repaired.</param>
/// <param name="Drift">Those that this call found.</param>
internal sealed record ReconcileResponse(bool Done, DateTimeOffset StartedAt, long Found, long Repaired, IReadOnlyList<DriftResponse> Drift);

/// <param name="Type">In what we and Stripe differ.</param>
/// <param name="Org">Whose; null if that is not known.</param>
/// <param name="Object">Stripe's id.</param>
/// <param name="Detail">What Stripe says and what we have.</param>
/// <param name="Repaired">Whether it is gone now.</param>
internal sealed record DriftResponse(DriftType Type, string? Org, string Object, string Detail, bool Repaired);
