using System.Text.Json;
using Billing.Api;
using Billing.Persistence;

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
}
