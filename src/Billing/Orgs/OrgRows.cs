using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Orgs;

/// <summary>Where an org's row comes from.</summary>
internal static class OrgRows
{
    /// <summary>Makes the org on the free plan unless it exists; an org without a Stripe customer gets <paramref name="customerId"/>.</summary>
    public static Task EnsureOrgAsync(
        this BillingDb db, string orgId, string? customerId, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO orgs (id, stripe_customer_id, plan, cancel_at_period_end, customer_generation, version, created_at, lease_fence)
            VALUES ({orgId}, {customerId}, {PlanIds.Free}, false, 0, 0, {now}, 0)
            ON CONFLICT (id) DO UPDATE SET stripe_customer_id = excluded.stripe_customer_id
            WHERE orgs.stripe_customer_id IS NULL AND excluded.stripe_customer_id IS NOT NULL
            """,
            cancellationToken);

    /// <summary>Makes the org with this profile, and says whether it did: false if there was one already.</summary>
    public static async Task<bool> CreateOrgAsync(
        this BillingDb db, string orgId, OrgProfile profile, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO orgs (id, name, email, plan, cancel_at_period_end, customer_generation, version, created_at, lease_fence)
            VALUES ({orgId}, {profile.Name}, {profile.Email}, {PlanIds.Free}, false, 0, 0, {now}, 0)
            ON CONFLICT (id) DO NOTHING
            """,
            cancellationToken) == 1;
}
