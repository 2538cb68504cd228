using Billing.Api;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Checkout;

/// <summary>
/// Sells through Stripe in two steps that a crash between them cannot turn into two sessions: the intent is committed, then Stripe is
/// asked under an idempotency key made from it (DESIGN rule 5). All of it happens under the org's lease.
/// </summary>
internal sealed partial class CheckoutIntents(
    Stripe.IStripeClient stripe, IDbContextFactory<BillingDb> databases, ILogger<CheckoutIntents> log)
{
    /// <summary>The org's intent that may still be paid, or whose outcome is not known; null if there is none.</summary>
    public async Task<CheckoutSession?> FindLiveAsync(string orgId, CheckoutKind kind, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.CheckoutSessions.AsNoTracking().SingleOrDefaultAsync(
            session => session.OrgId == orgId && session.Kind == kind
                && (session.State == CheckoutState.Creating || session.State == CheckoutState.Open),
            cancellationToken);
    }

    /// <summary>Commits the intent. The unique index refuses a second live one.</summary>
    public Task<CheckoutSession> CommitAsync(CheckoutSession intent, OrgLease lease, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            await lease.LockOrgAsync(db, cancellationToken);
            return db.CheckoutSessions.Add(intent).Entity;
        }, cancellationToken);

    /// <summary>Has Stripe make the session, or learns which one it made when asked before, and keeps its id and URL.</summary>
    /// <exception cref="Stripe.StripeException">
    /// Stripe refused, in which case the next attempt uses a new idempotency key; or the outcome is not known, and it uses the same.
    /// </exception>
    public async Task<CheckoutSession> OpenAsync(CheckoutSession intent, OrgLease lease, CancellationToken cancellationToken)
    {
        try
        {
            var options = SessionParameters.FromJson(intent.Parameters).ToOptions();
            var request = new Stripe.RequestOptions { IdempotencyKey = $"billing-checkout-{intent.Id:N}-{intent.Attempt}" };
            var session = await new Stripe.Checkout.SessionService(stripe).CreateAsync(options, request, cancellationToken);
            return await UpdateAsync(intent, lease, row =>
            {
                // A webhook may have been faster, and what it said about the state stands.
                row.State = row.State == CheckoutState.Creating ? CheckoutState.Open : row.State;
                row.SessionId = session.Id;
                row.Url = session.Url;
            }, cancellationToken);
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
        {
            await UpdateAsync(intent, lease, row => row.Attempt++, cancellationToken);
            throw;
        }
    }

    /// <summary>Makes sure that an earlier intent can no longer be paid, so that another may take its place.</summary>
    /// <returns>False if it was paid after all.</returns>
    public async Task<bool> CloseAsync(CheckoutSession intent, OrgLease lease, CancellationToken cancellationToken)
    {
        var open = intent;
        if (intent.SessionId is null)
        {
            try
            {
                open = await OpenAsync(intent, lease, cancellationToken);
            }
            catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
            {
                await UpdateAsync(intent, lease, row => row.State = CheckoutState.Abandoned, cancellationToken);
                return true;
            }
        }

        var session = await ExpireAsync(open.SessionId!, cancellationToken);
        LogClosed(open.Id, session.Id, session.Status);
        if (session.Status == "complete")
        {
            return false;
        }
        await UpdateAsync(open, lease, row => row.State = CheckoutState.Expired, cancellationToken);
        return true;
    }

    /// <summary>Expires a session at Stripe. Only an open one can be; any other says what it is instead.</summary>
    private async Task<Stripe.Checkout.Session> ExpireAsync(string sessionId, CancellationToken cancellationToken)
    {
        var sessions = new Stripe.Checkout.SessionService(stripe);
        try
        {
            return await sessions.ExpireAsync(sessionId, cancellationToken: cancellationToken);
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
        {
            return await sessions.GetAsync(sessionId, cancellationToken: cancellationToken);
        }
    }

    private Task<CheckoutSession> UpdateAsync(
        CheckoutSession intent, OrgLease lease, Action<CheckoutSession> change, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            await lease.LockOrgAsync(db, cancellationToken);
            var row = await db.CheckoutSessions.SingleAsync(session => session.Id == intent.Id, cancellationToken);
            change(row);
            return row;
        }, cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Checkout {IntentId} ({SessionId}) gave way to another request: {SessionStatus}")]
    private partial void LogClosed(Guid intentId, string sessionId, string? sessionStatus);
}
