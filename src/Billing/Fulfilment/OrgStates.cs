using Billing.Catalog;
using Billing.Checkout;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Billing.Fulfilment;

/// <summary>Finds out whose an object of Stripe's is and loads that org, locked.</summary>
internal sealed partial class OrgStates(SessionSigner signer, TimeProvider time, ILogger<OrgStates> log)
{
    /// <summary>
    /// The state of the org that the object belongs to, or null if the object is not ours: neither its subscription, session or
    /// customer is in our tables nor does its metadata verify (DESIGN rule 5). The org's row stays locked until the transaction ends.
    /// </summary>
    public async Task<OrgState?> FindAsync(BillingDb db, StripeSubject subject, CancellationToken cancellationToken)
    {
        var claims = signer.Verify(subject.Metadata);
        if (await FindOrgAsync(db, subject, claims, cancellationToken) is not { } orgId)
        {
            return null;
        }
        var state = await LockAsync(db, orgId, subject, claims, cancellationToken);
        await RelinkAsync(db, state.Org, subject.CustomerId, cancellationToken);
        return state;
    }

    /// <summary>
    /// Gives an org back the customer that a restore of the database made it lose, as the customer of something that is certainly the
    /// org's. One that another org has stays there: the unique index decides.
    /// </summary>
    /// <param name="db">With a transaction that has locked the org.</param>
    /// <param name="org">Nothing happens if it has a customer.</param>
    /// <param name="customerId">Null if the object does not say.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public async Task RelinkAsync(BillingDb db, Org org, string? customerId, CancellationToken cancellationToken)
    {
        if (org.StripeCustomerId is not null || customerId is null)
        {
            return;
        }
        await db.Database.ExecuteSqlAsync($"SAVEPOINT before_relink", cancellationToken);
        try
        {
            await db.Database.ExecuteSqlAsync($"UPDATE orgs SET stripe_customer_id = {customerId} WHERE id = {org.Id}", cancellationToken);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await db.Database.ExecuteSqlAsync($"ROLLBACK TO SAVEPOINT before_relink", cancellationToken);
            LogTaken(org.Id, customerId);
            return;
        }
        // The customer may bear another profile than the restored row.
        (org.StripeCustomerId, org.ProfilePending) = (customerId, true);
        LogRelinked(org.Id, customerId);
    }

    /// <summary>The state of this org around this subscription, locked.</summary>
    public static Task<OrgState> LockAsync(BillingDb db, string orgId, string subscriptionId, CancellationToken cancellationToken) =>
        LockAsync(db, orgId, new StripeSubject(subscriptionId, null, null, null), claims: null, cancellationToken);

    /// <summary>The state of this org around this object, locked.</summary>
    /// <param name="db">With a transaction.</param>
    /// <param name="orgId">An org that exists.</param>
    /// <param name="subject">Of this org's.</param>
    /// <param name="claims">What the object's metadata says, if its signature was verified.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    public static async Task<OrgState> LockAsync(
        BillingDb db, string orgId, StripeSubject subject, SessionClaims? claims, CancellationToken cancellationToken)
    {
        var org = await db.LockOrgAsync(orgId, cancellationToken)
            ?? throw new InvalidOperationException($"Org {orgId} vanished while something of it was applied.");
        var subscriptions = await db.Subscriptions.Include(s => s.PaidPeriods)
            .Where(s => s.OrgId == orgId
                && (s.Id == subject.SubscriptionId
                    || (s.Status != SubscriptionStatus.Canceled && s.Status != SubscriptionStatus.IncompleteExpired)))
            .ToListAsync(cancellationToken);
        var session = subject.SessionId is null ? null : await FindSessionAsync(db, orgId, subject.SessionId, claims, cancellationToken);
        return new OrgState(org, subscriptions, session, claims, await SoldPrices.OfOrgAsync(db, orgId, cancellationToken));
    }

    private static Task<CheckoutSession?> FindSessionAsync(
        BillingDb db, string orgId, string sessionId, SessionClaims? claims, CancellationToken cancellationToken)
    {
        // By the intent's id too: a crash may have kept us from learning the session's.
        var intentId = claims?.IntentId;
        return db.CheckoutSessions.SingleOrDefaultAsync(
            session => session.OrgId == orgId && (session.SessionId == sessionId || (session.SessionId == null && session.Id == intentId)),
            cancellationToken);
    }

    private async Task<string?> FindOrgAsync(BillingDb db, StripeSubject subject, SessionClaims? claims, CancellationToken cancellationToken)
    {
        var known = await db.Database.SqlQuery<string>(
            $"""
            SELECT org AS "Value" FROM (
                SELECT org_id AS org, 1 AS nearness FROM subscriptions WHERE id = {subject.SubscriptionId}
                UNION ALL SELECT org_id, 2 FROM checkout_sessions WHERE session_id = {subject.SessionId}
                UNION ALL SELECT id, 3 FROM orgs WHERE stripe_customer_id = {subject.CustomerId}) found
            ORDER BY nearness
            """).ToListAsync(cancellationToken);
        if (known is [var orgId, ..])
        {
            return orgId;
        }
        if (claims is null)
        {
            return null;
        }

        // Our own signature vouches for an org that the database lost, as after a restore to an earlier point.
        await db.EnsureOrgAsync(claims.OrgId, customerId: null, time.GetUtcNow(), cancellationToken);
        return claims.OrgId;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Org {OrgId} had lost its customer {CustomerId} and has it again")]
    private partial void LogRelinked(string orgId, string customerId);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Org {OrgId} has no customer, and what belongs to it is paid by customer {CustomerId}, which is another org's: neither is changed")]
    private partial void LogTaken(string orgId, string customerId);
}

/// <summary>What tells whose an object is.</summary>
internal sealed record StripeSubject(
    string? SubscriptionId, string? SessionId, string? CustomerId, IReadOnlyDictionary<string, string>? Metadata)
{
    public static StripeSubject Of(Stripe.Checkout.Session session) =>
        new(session.SubscriptionId, session.Id, session.CustomerId, session.Metadata);
}
