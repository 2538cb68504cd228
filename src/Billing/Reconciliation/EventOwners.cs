using Billing.Checkout;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Reconciliation;

/// <summary>Finds out whose events are, as the inbox would when it applies them (DESIGN rule 5).</summary>
internal sealed class EventOwners(SessionSigner signer)
{
    /// <returns>Event id → org, of those that are known to be an org's.</returns>
    public async Task<Dictionary<string, string>> FindAsync(BillingDb db, IReadOnlyList<ListedEvent> events, CancellationToken cancellationToken)
    {
        var ids = events.Select(e => e.Envelope.Id).ToArray();
        string?[] Of(Func<EventSubject, string?> part) => [.. events.Select(e => part(e.Subject))];
        var found = await db.Database.SqlQuery<OwnedEvent>(
            $"""
            SELECT e.id AS "Id", owner.org AS "OrgId"
            FROM unnest({ids}, {Of(s => s.Subscription)}, {Of(s => s.Session)}, {Of(s => s.Customer)}, {Of(s => s.Payment)})
                AS e (id, subscription, session, customer, payment),
            LATERAL (
                SELECT org FROM (
                    SELECT org_id AS org, 1 AS nearness FROM subscriptions WHERE id = e.subscription
                    UNION ALL SELECT org_id, 2 FROM checkout_sessions WHERE session_id = e.session
                    UNION ALL SELECT id, 3 FROM orgs WHERE stripe_customer_id = e.customer
                    UNION ALL SELECT org_id, 4 FROM checkout_sessions WHERE payment_intent_id = e.payment
                    UNION ALL SELECT org_id, 4 FROM payments WHERE id = e.payment AND org_id IS NOT NULL
                    UNION ALL SELECT org_id, 4 FROM credit_grants WHERE payment_intent_id = e.payment) candidates
                ORDER BY nearness LIMIT 1) owner
            """).ToListAsync(cancellationToken);
        var owners = found.ToDictionary(e => e.Id, e => e.OrgId);
        foreach (var e in events)
        {
            if (!owners.ContainsKey(e.Envelope.Id) && signer.Verify(e.Subject.Metadata) is { } claims)
            {
                owners[e.Envelope.Id] = claims.OrgId;
            }
        }
        return owners;
    }

    private sealed record OwnedEvent(string Id, string OrgId);
}
