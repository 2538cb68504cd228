using System.Text.Json;
using Billing.Api;
using Billing.Persistence;
using Billing.Setup.Steps;
using Microsoft.EntityFrameworkCore;

namespace Billing.Operations;

/// <summary>Writes down what an operator changes, in the transaction that changes it.</summary>
internal sealed class OperatorAudit(TimeProvider time)
{
    /// <param name="db">Of the change; saving is the caller's.</param>
    /// <param name="by">Who and why.</param>
    /// <param name="action">What was done, such as <c>grant_credits</c>.</param>
    /// <param name="subject">What it was done to.</param>
    /// <param name="orgId">Whose it is, or null.</param>
    /// <param name="before">Becomes JSON; without personal data, as the audit is kept for ever.</param>
    /// <param name="after">The same.</param>
    public void Add(BillingDb db, Operator by, string action, string subject, string? orgId, object? before, object? after) =>
        db.Audit.Add(new AuditEntry
        {
            Id = Guid.CreateVersion7(),
            Actor = by.Actor,
            Action = action,
            Subject = subject,
            OrgId = orgId,
            Reason = by.Reason,
            Before = before is null ? null : JsonSerializer.Serialize(before, Json.Options),
            After = after is null ? null : JsonSerializer.Serialize(after, Json.Options),
            CreatedAt = time.GetUtcNow(),
        });

    /// <summary>Writes down that somebody has a reconciliation done, once per run and operator; what it repairs is written down by itself.</summary>
    public async Task NoteAsync(IDbContextFactory<BillingDb> databases, ReconciliationRun run, Operator by, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (subject, since) = (run.Id.ToString(), run.StartedAt.AddDays(-1)); // the clocks are two
        // Whoever has the run has it alone.
        if (!await db.Audit.AnyAsync(
            entry => entry.OrgId == run.OrgId && entry.CreatedAt > since && entry.Subject == subject && entry.Actor == by.Actor, cancellationToken))
        {
            Add(db, by, run.Repair ? "reconcile_and_repair" : "reconcile", subject, run.OrgId, before: null, after: null);
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>Writes down what of the Stripe account is about to be changed, which may end early: Stripe knows no transactions.</summary>
    public async Task NoteAsync(BillingDb db, IEnumerable<Step> steps, Operator by, CancellationToken cancellationToken)
    {
        var changes = steps.Where(step => step.Action != StepAction.Leave).ToList();
        if (changes.Count > 0)
        {
            Add(db, by, "set_up_stripe", "stripe account", orgId: null, before: null, after: changes.ConvertAll(SetupStep.Of));
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
