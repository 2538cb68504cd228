using Billing.Api;
using Billing.Fulfilment;
using Billing.Orgs;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Checkout;

/// <summary>
/// Sells through Stripe in two steps that a crash between them cannot turn into two sessions: the intent is committed, then Stripe is
/// asked under an idempotency key made from it (DESIGN rule 5). All of it happens under the org's lease.
/// </summary>
internal sealed partial class CheckoutIntents(
    Stripe.IStripeClient stripe, Settlement settlement, IDbContextFactory<BillingDb> databases, ILogger<CheckoutIntents> log)
{
    /// <summary>Stripe's word for a session that can be paid.</summary>
    private const string Open = "open";

    private readonly Stripe.Checkout.SessionService _sessions = new(stripe);

    /// <summary>The org's intent that may still be paid, or whose outcome is not known; null if there is none.</summary>
    public async Task<CheckoutSession?> FindLiveAsync(string orgId, CheckoutKind kind, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.CheckoutSessions.AsNoTracking().SingleOrDefaultAsync(
            session => session.OrgId == orgId && session.Kind == kind
                && (session.State == CheckoutState.Creating || session.State == CheckoutState.Open),
            cancellationToken);
    }

    /// <summary>Commits the intent, unless a purchase got in between. The unique index refuses a second live one.</summary>
    /// <returns>What got in between, or null.</returns>
    public Task<Obstacle?> CommitAsync(CheckoutSession intent, OrgLease lease, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            await lease.LockOrgAsync(db, cancellationToken);
            // Again under the lock: an earlier session may have been paid, and its webhook applied, since the first look.
            var obstacle = intent.Kind == CheckoutKind.Subscription
                ? await Obstacles.FindKnownAsync(db, intent.OrgId, intent.Plan!, cancellationToken)
                : await Obstacles.FindPendingAsync(db, intent.OrgId, intent.Kind, cancellationToken);
            if (obstacle is null)
            {
                db.CheckoutSessions.Add(intent);
            }
            return obstacle;
        }, cancellationToken);

    /// <summary>Has Stripe make the session, or learns which one it made when asked before, and keeps its id and URL.</summary>
    /// <exception cref="Stripe.StripeException">
    /// Stripe refused, or replayed a failure under which nothing payable was made: the next attempt uses a new idempotency key. Or the
    /// outcome is not known: it uses the same.
    /// </exception>
    public async Task<CheckoutSession> OpenAsync(CheckoutSession intent, OrgLease lease, CancellationToken cancellationToken)
    {
        var parameters = SessionParameters.FromJson(intent.Parameters);
        try
        {
            var request = new Stripe.RequestOptions { IdempotencyKey = $"billing-checkout-{intent.Id:N}-{intent.Attempt}" };
            return await KeepAsync(intent, await _sessions.CreateAsync(parameters.ToOptions(), request, cancellationToken), lease, cancellationToken);
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
        {
            await UpdateAsync(intent, lease, row => row.Attempt++, cancellationToken);
            throw;
        }
        catch (Stripe.StripeException replayed) when (StripeErrors.NeedsNewKey(replayed))
        {
            // A failure that Stripe replays says nothing about whether the first try made a session: look for it. A refusal to let us
            // look must not be taken for a refusal of the session, so it leaves as what it is: an unknown outcome.
            if (await TryFindAtStripeAsync(intent, parameters, cancellationToken) is { } made)
            {
                return await KeepAsync(intent, made, lease, cancellationToken);
            }
            await UpdateAsync(intent, lease, row => row.Attempt++, cancellationToken);
            throw;
        }
    }

    /// <summary>Makes sure that an earlier intent can no longer be paid, so that another may take its place.</summary>
    /// <returns>False if it was paid after all.</returns>
    /// <exception cref="Stripe.StripeException">It can neither be expired nor is it over: nothing may take its place.</exception>
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
        LogClosed(open.Id, open.SessionId!, session?.Status ?? "gone");
        if (session?.Status == "complete")
        {
            await KeepCompletedAsync(open, session, lease, cancellationToken);
            return false;
        }
        await UpdateAsync(open, lease, row => row.State = CheckoutState.Expired, cancellationToken);
        return true;
    }

    /// <summary>Whether Stripe would still let somebody pay it: the news that it is over may have been lost.</summary>
    public async Task<bool> IsPayableAsync(CheckoutSession intent, CancellationToken cancellationToken)
    {
        try
        {
            return (await _sessions.GetAsync(intent.SessionId!, cancellationToken: cancellationToken)).Status == Open;
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone))
        {
            return false;
        }
    }

    /// <summary>Expires a session at Stripe; as it is in the end, complete or expired, or null if Stripe does not have it any more.</summary>
    private async Task<Stripe.Checkout.Session?> ExpireAsync(string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            return await _sessions.ExpireAsync(sessionId, cancellationToken: cancellationToken);
        }
        catch (Stripe.StripeException gone) when (StripeErrors.IsMissing(gone))
        {
            return null;
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
        {
            // Only an open session can be expired, so it may be over already. One that is still open must not be taken for over.
            var session = await _sessions.GetAsync(sessionId, cancellationToken: cancellationToken);
            if (session.Status == Open)
            {
                throw;
            }
            return session;
        }
    }

    /// <summary>What the webhook would have done, had it arrived: the session is complete and its subscription is to be read.</summary>
    private Task<Settled> KeepCompletedAsync(
        CheckoutSession intent, Stripe.Checkout.Session session, OrgLease lease, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            await lease.LockOrgAsync(db, cancellationToken);
            var state = await OrgStates.LockAsync(db, intent.OrgId, StripeSubject.Of(session), claims: null, cancellationToken);
            CompleteSession.Apply(state, session);
            return await settlement.SettleAsync(db, state, cancellationToken);
        }, cancellationToken);

    private async Task<Stripe.Checkout.Session?> TryFindAtStripeAsync(
        CheckoutSession intent, SessionParameters parameters, CancellationToken cancellationToken)
    {
        var recent = new Stripe.Checkout.SessionListOptions { Customer = parameters.Customer, Limit = 100 };
        Stripe.StripeList<Stripe.Checkout.Session> listed;
        try
        {
            listed = await _sessions.ListAsync(recent, cancellationToken: cancellationToken);
        }
        catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
        {
            throw new ApiException(ApiError.Unavailable("The payment provider does not say what became of an earlier try. Try again later."));
        }
        return listed.Data.Find(session => session.Status == Open && session.Metadata is { } metadata && SessionClaims.FromMetadata(metadata)?.IntentId == intent.Id);
    }

    private Task<CheckoutSession> KeepAsync(
        CheckoutSession intent, Stripe.Checkout.Session session, OrgLease lease, CancellationToken cancellationToken) =>
        UpdateAsync(intent, lease, row =>
        {
            // A webhook may have been faster, and what it said about the state stands.
            row.State = row.State == CheckoutState.Creating ? CheckoutState.Open : row.State;
            row.SessionId = session.Id;
            row.Url = session.Url;
        }, cancellationToken);

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
    private partial void LogClosed(Guid intentId, string sessionId, string sessionStatus);
}
