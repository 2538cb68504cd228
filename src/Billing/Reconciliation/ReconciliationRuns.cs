using Billing.Persistence;
using Billing.StripeCalls;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>
/// Runs and their leases: one at a time per actor, scope and kind, on whichever host, and the next holder goes on where the last one
/// stopped. Times of leases are the database's.
/// </summary>
internal sealed class ReconciliationRuns(IDbContextFactory<BillingDb> databases, TimeProvider time, StripeClock clock)
{
    /// <summary>Renewed with every page; longer than a page takes even while Stripe is slow.</summary>
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromMinutes(3);

    /// <summary>Takes up the unfinished run of this kind, or begins one.</summary>
    /// <param name="plan">Which run.</param>
    /// <param name="interval">Begins none sooner after the start of the last one.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    /// <returns>Null while somebody else has it, or if none is due.</returns>
    /// <exception cref="WrongClockException">It is to repair, and this machine's clock is wrong: it would mend what is right.</exception>
    public async Task<ReconciliationRun?> TakeAsync(ReconciliationPlan plan, TimeSpan interval, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await GiveUpAsync(db, plan, cancellationToken);
        await BeginAsync(db, plan, interval, cancellationToken);
        var taken = await db.Reconciliations.FromSql(
            $"""
            UPDATE reconciliations SET lease_fence = lease_fence + 1, lease_until = clock_timestamp() + {LeaseDuration}
            WHERE actor = {plan.Actor} AND scope = {plan.Scope} AND repair = {plan.Repair} AND finished_at IS NULL
              AND (lease_until IS NULL OR lease_until < clock_timestamp())
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        if (taken.SingleOrDefault() is { } run)
        {
            await RefuseWrongClockAsync(run, cancellationToken);
            return run;
        }
        return null;
    }

    /// <summary>Keeps that a page is done; false if the lease ran out meanwhile and another holder has the run.</summary>
    public async Task<bool> AdvanceAsync(
        ReconciliationRun run, string phase, string? cursor, ComparedPage page, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (found, repaired) = (page.Found.Count, page.Found.Count(drift => drift.IsRepaired));
        var advanced = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE reconciliations SET phase = {phase}, cursor = {cursor}, found = found + {found}, repaired = repaired + {repaired},
                advanced_at = clock_timestamp(), lease_until = clock_timestamp() + {LeaseDuration},
                finished_at = CASE WHEN {phase} = {ReconciliationRun.Done} THEN clock_timestamp() END
            WHERE id = {run.Id} AND lease_fence = {run.LeaseFence} AND finished_at IS NULL
            """, cancellationToken);
        (run.Phase, run.Cursor, run.Found, run.Repaired) = (phase, cursor, run.Found + found, run.Repaired + repaired);
        return advanced == 1;
    }

    /// <summary>Lets another holder go on at once.</summary>
    public async Task ReleaseAsync(ReconciliationRun run)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            await db.Database.ExecuteSqlAsync($"UPDATE reconciliations SET lease_until = NULL WHERE id = {run.Id} AND lease_fence = {run.LeaseFence}");
        }
        catch (Exception outage) when (DatabaseErrors.IsUnavailable(outage))
        {
            // It runs out by itself.
        }
    }

    private async Task RefuseWrongClockAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        if (!run.Repair)
        {
            return;
        }
        try
        {
            if (await clock.AheadAsync(cancellationToken) is var ahead && ahead.Duration() > StripeClock.Skew)
            {
                throw new WrongClockException(
                    $"This machine's clock is {StripeClock.Text(ahead)} Stripe's, so nothing is repaired: set it right, with NTP.");
            }
        }
        catch
        {
            await ReleaseAsync(run);
            throw;
        }
    }

    /// <summary>
    /// An unfinished run that nobody went on with for a day, that was about another time, or that got nowhere some minutes ago, is not worth going
    /// on with: whoever wants it wants to know how things are now. (What a run of the schedule leaves out its next one looks at.)
    /// </summary>
    private static Task<int> GiveUpAsync(BillingDb db, ReconciliationPlan plan, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"""
        UPDATE reconciliations SET finished_at = clock_timestamp()
        WHERE actor = {plan.Actor} AND scope = {plan.Scope} AND repair = {plan.Repair} AND finished_at IS NULL
          AND (lease_until IS NULL OR lease_until < clock_timestamp())
          AND (advanced_at < clock_timestamp() - interval '1 day' OR events_to - sessions_from <> {plan.Window}
               OR (phase IS NULL AND advanced_at < clock_timestamp() - interval '5 minutes' AND NOT {plan.BuildsOnEarlier}))
        """, cancellationToken);

    /// <summary>The unique index lets one in.</summary>
    private async Task BeginAsync(BillingDb db, ReconciliationPlan plan, TimeSpan interval, CancellationToken cancellationToken)
    {
        var eventsTo = time.GetUtcNow() - plan.Patience;
        var sessionsFrom = eventsTo - plan.Window;
        // What a run looked through without finding anything is in the inbox for good or is not ours; after one that repaired something, what
        // was not ours before may be now. A day of it again, as Stripe's list may lag.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO reconciliations (id, actor, scope, repair, started_at, events_from, events_to, sessions_from, found, repaired, advanced_at, lease_fence)
            SELECT {Guid.CreateVersion7()}, {plan.Actor}, {plan.Scope}, {plan.Repair}, clock_timestamp(),
                greatest({sessionsFrom}, (
                    SELECT max(events_to) - interval '1 day' FROM reconciliations
                    WHERE {plan.BuildsOnEarlier} AND actor = {plan.Actor} AND scope = {plan.Scope} AND repair AND phase = {ReconciliationRun.Done} AND found = 0)),
                {eventsTo}, {sessionsFrom}, 0, 0, clock_timestamp(), 0
            WHERE NOT EXISTS (
                SELECT FROM reconciliations
                WHERE actor = {plan.Actor} AND scope = {plan.Scope} AND repair = {plan.Repair} AND started_at > clock_timestamp() - {interval})
            ON CONFLICT DO NOTHING
            """, cancellationToken);
    }
}

/// <summary>Which run is wanted.</summary>
/// <param name="Actor">Who wants it.</param>
/// <param name="OrgId">Null: everything.</param>
/// <param name="Repair">Or only a report.</param>
/// <param name="Window">How far back events and sessions are compared.</param>
/// <param name="Patience">Events younger than this may still be on their way, and are left out.</param>
/// <param name="BuildsOnEarlier">Whether events are left out that an earlier repairing run went through without finding anything.</param>
internal sealed record ReconciliationPlan(string Actor, string? OrgId, bool Repair, TimeSpan Window, TimeSpan Patience, bool BuildsOnEarlier)
{
    public string Scope => OrgId ?? ReconciliationRun.Everything;
}

/// <summary>This machine's clock is too far from Stripe's for what was asked. The message is for the operator.</summary>
internal sealed class WrongClockException(string message) : Exception(message);
