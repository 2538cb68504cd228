using System.Text.Json;
using Billing.Api;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Writes down what a run repairs, in the transaction that repairs it.</summary>
internal sealed class AuditTrail(TimeProvider time)
{
    public void Add(BillingDb db, ReconciliationRun run, string action, Drift drift, object? before, object? after) =>
        db.Audit.Add(New(run, action, drift, before, after));

    /// <summary>
    /// Writes down that an event is about to be received. That has a transaction of its own, so this comes before it: no event comes in
    /// unaccounted for, and one that is received only by the next run is in here once.
    /// </summary>
    public Task AddEventAsync(BillingDb db, ReconciliationRun run, Drift drift, object after, CancellationToken cancellationToken)
    {
        var entry = New(run, "receive_event", drift, before: null, after);
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO audit (id, actor, action, subject, org_id, reason, after, created_at)
            VALUES ({entry.Id}, {entry.Actor}, {entry.Action}, {entry.Subject}, {entry.OrgId}, {entry.Reason}, {entry.After}::json, {entry.CreatedAt})
            ON CONFLICT DO NOTHING
            """, cancellationToken);
    }

    private AuditEntry New(ReconciliationRun run, string action, Drift drift, object? before, object? after) => new()
    {
        Id = Guid.CreateVersion7(),
        Actor = run.Actor,
        Action = action,
        Subject = drift.ObjectId,
        OrgId = drift.OrgId,
        Reason = $"{EnumWords<DriftType>.Of(drift.Type)}: {drift.Detail} (reconciliation {run.Id})",
        Before = before is null ? null : JsonSerializer.Serialize(before, Json.Options),
        After = after is null ? null : JsonSerializer.Serialize(after, Json.Options),
        CreatedAt = time.GetUtcNow(),
    };
}
