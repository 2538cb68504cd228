using Billing.Api;
using Billing.Checkout;
using Billing.Fulfilment;
using Billing.Ledger;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Operations;

/// <summary>
/// Takes everything personal of an org away and keeps its ledger under an id that says nothing (DESIGN section 7). What Stripe has is erased
/// at Stripe.
/// </summary>
internal sealed class OrgErasure(IDbContextFactory<BillingDb> databases, LedgerRows ledgers, OperatorAudit audit, TimeProvider time)
{
    /// <returns>
    /// The new id. 404 without such an org; 409 <c>subscription_live</c>, <c>checkout_open</c>, <c>payment_pending</c>,
    /// <c>credits_held</c> or <c>events_parked</c>
    /// while something is still going on, and nothing is changed.
    /// </returns>
    public Task<Result<ErasureResponse>> EraseAsync(string orgId, Operator by, CancellationToken cancellationToken) =>
        databases.TransactAsync<Result<ErasureResponse>>(async db =>
        {
            if (await db.LockOrgAsync(orgId, cancellationToken) is not { } org)
            {
                return ApiError.NotFound("There is no such org.");
            }
            var ledger = await ledgers.OfLockedAsync(db, org, time.GetUtcNow(), cancellationToken); // ends holds that have run out
            LedgerRows.Keep(db, ledger);
            await db.SaveChangesAsync(cancellationToken);
            if (await ObstacleAsync(db, org, cancellationToken) is { } obstacle)
            {
                return obstacle;
            }
            var anonymous = $"erased-{Guid.NewGuid():N}";
            await EraseAsync(db, orgId, anonymous, cancellationToken);
            audit.Add(db, by, "erase_org", anonymous, anonymous, before: null, after: null); // and not under the name that is to go
            return new ErasureResponse(anonymous);
        }, cancellationToken);

    private async Task<ApiError?> ObstacleAsync(BillingDb db, Org org, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await db.Subscriptions.AnyAsync(
            row => row.OrgId == org.Id && row.Status != SubscriptionStatus.Canceled && row.Status != SubscriptionStatus.IncompleteExpired, cancellationToken))
        {
            return ApiError.Conflict("subscription_live", "It has a subscription that has not ended. Cancel it at Stripe first, at once.");
        }
        if (await db.CheckoutSessions.AnyAsync(
            row => row.OrgId == org.Id && (row.State == CheckoutState.Creating || row.State == CheckoutState.Open) && row.ExpiresAt > now,
            cancellationToken))
        {
            return ApiError.Conflict("checkout_open", "Somebody may be paying for it: a payment page is open. Wait until it has expired.");
        }
        if (await PendingPayments.Of(db, org.Id).AnyAsync(cancellationToken))
        {
            return ApiError.Conflict("payment_pending", "A payment of it is still under way, and what it buys would come too late. Wait for its outcome.");
        }
        if (org.Held > 0)
        {
            return ApiError.Conflict("credits_held", "Credits of it are held. Settle or release the holds first.");
        }
        return await NamesParkedEventAsync(db, org, cancellationToken)
            ? ApiError.Conflict("events_parked", "Events of it are parked. Replay them first.")
            : null;
    }

    /// <summary>By its ids in the body: an event that could not be applied, or not even be read, was found to be of nobody yet.</summary>
    private static async Task<bool> NamesParkedEventAsync(BillingDb db, Org org, CancellationToken cancellationToken)
    {
        var subscriptions = await db.Subscriptions.Where(row => row.OrgId == org.Id).Select(row => row.Id).ToListAsync(cancellationToken);
        var sessions = await db.CheckoutSessions.Where(row => row.OrgId == org.Id && row.SessionId != null).Select(row => row.SessionId).ToListAsync(cancellationToken);
        string[] names = [.. subscriptions.Concat(sessions).Append(org.StripeCustomerId).Append(org.Id).OfType<string>().Select(id => $"\"{id}\"")];
        return await db.Database.SqlQuery<bool>(
            $"""
            SELECT EXISTS (
                SELECT FROM stripe_events, unnest({names}) AS name
                WHERE outcome = 'parked' AND position(convert_to(name, 'UTF8') IN payload) > 0) AS "Value"
            """).SingleAsync(cancellationToken);
    }

    /// <summary>Rows that hold money go over to the new id by the cascade of their foreign keys.</summary>
    private async Task EraseAsync(BillingDb db, string orgId, string anonymous, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"UPDATE api_keys SET revoked_at = coalesce(revoked_at, {time.GetUtcNow()}), name = '' WHERE org_id = {orgId}", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE checkout_sessions SET url = NULL, success_url = '', cancel_url = '', parameters = '{{}}'::json WHERE org_id = {orgId}", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE stripe_events SET payload = '', org_id = {anonymous} WHERE org_id = {orgId}", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM idempotency_keys WHERE org_id = {orgId}", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM activities WHERE org_id = {orgId}", cancellationToken);
        await db.Database.ExecuteSqlAsync($"UPDATE reconciliations SET scope = {anonymous} WHERE scope = {orgId}", cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE orgs SET id = {anonymous}, name = NULL, email = NULL, stripe_customer_id = NULL, profile_pending = false, lease_until = NULL
            WHERE id = {orgId}
            """, cancellationToken);
        db.ChangeTracker.Clear();
    }
}
