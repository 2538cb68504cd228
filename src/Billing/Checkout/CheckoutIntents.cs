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
    StripeSessions sessions, SessionSigner signer, Settlement settlement, IDbContextFactory<BillingDb> databases, ILogger<CheckoutIntents> log)
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

    /// <summary>Has Stripe make the session of an intent that was just committed, and keeps its id and URL.</summary>
    /// <exception cref="Stripe.StripeException">As <see cref="ReopenAsync"/>.</exception>
    public Task<CheckoutSession> OpenAsync(CheckoutSession intent, OrgLease lease, CancellationToken cancellationToken) =>
        OpenAsync(intent, isFirstTry: true, lease, cancellationToken);

    /// <summary>Has Stripe make the session of an intent whose outcome is not known, or learns which one it made when asked before.</summary>
    /// <exception cref="Stripe.StripeException">
    /// Stripe refused, or replayed a failure under which nothing payable was made: the next attempt uses a new idempotency key. Or the
    /// outcome is not known: it uses the same.
    /// </exception>
    public Task<CheckoutSession> ReopenAsync(CheckoutSession intent, OrgLease lease, CancellationToken cancellationToken) =>
        OpenAsync(intent, isFirstTry: false, lease, cancellationToken);

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
                open = await ReopenAsync(intent, lease, cancellationToken);
            }
            catch (Stripe.StripeException refused) when (StripeErrors.IsDefinite(refused))
            {
                await UpdateAsync(intent, lease, row => row.State = CheckoutState.Abandoned, cancellationToken);
                return true;
            }
        }

        var session = await sessions.ExpireAsync(open.SessionId!, StripeSessions.CustomerOf(open), cancellationToken);
        LogClosed(open.Id, open.SessionId!, session?.Status ?? "gone");
        if (session?.Status == StripeSessions.Complete)
        {
            await KeepCompletedAsync(open.OrgId, session, lease, cancellationToken);
            return false;
        }
        await UpdateAsync(open, lease, row => row.State = CheckoutState.Expired, cancellationToken);
        return true;
    }

    /// <summary>Makes sure that no session can be paid whose row was lost, as by a restore, before the draft's is made.</summary>
    /// <returns>False if one was paid after all.</returns>
    public async Task<bool> CloseStraysAsync(CheckoutSession draft, OrgLease lease, CancellationToken cancellationToken)
    {
        var customer = StripeSessions.CustomerOf(draft);
        var isUnpaid = true;
        await foreach (var stray in sessions.OpenOf(customer, draft.OrgId, draft.Kind, cancellationToken))
        {
            var session = await sessions.ExpireAsync(stray.Id, customer, cancellationToken);
            LogStray(draft.OrgId, stray.Id, session?.Status ?? "gone");
            if (session?.Status == StripeSessions.Complete)
            {
                await KeepCompletedAsync(draft.OrgId, session, lease, cancellationToken);
                isUnpaid = false;
            }
        }
        return isUnpaid;
    }

    /// <summary>Whether Stripe would still let somebody pay it: the news that it is over may have been lost.</summary>
    public async Task<bool> IsPayableAsync(CheckoutSession intent, CancellationToken cancellationToken) =>
        (await sessions.FindAsync(intent, cancellationToken))?.Status == StripeSessions.Open;

    private async Task<CheckoutSession> OpenAsync(CheckoutSession intent, bool isFirstTry, OrgLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await KeepAsync(intent, await sessions.CreateAsync(intent, cancellationToken), lease, cancellationToken);
        }
        catch (Stripe.StripeException refused) when (StripeErrors.NeedsNewKey(refused))
        {
            // Only a refusal of the first try means that nothing was made. A key that was taken away or a failure that Stripe replays says
            // nothing about an earlier try: look for what it made.
            var madeNothing = isFirstTry && StripeErrors.IsDefinite(refused);
            if (!madeNothing && await sessions.FindMadeAsync(intent, cancellationToken) is { } made)
            {
                return await KeepAsync(intent, made, lease, cancellationToken);
            }
            await UpdateAsync(intent, lease, row => row.Attempt++, cancellationToken);
            throw;
        }
    }

    /// <summary>What the webhook would have done, had it arrived: the session is complete and its subscription is to be read.</summary>
    private Task<Settled> KeepCompletedAsync(
        string orgId, Stripe.Checkout.Session session, OrgLease lease, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            await lease.LockOrgAsync(db, cancellationToken);
            var state = await OrgStates.LockAsync(db, orgId, StripeSubject.Of(session), signer.Verify(session.Metadata), cancellationToken);
            CompleteSession.Apply(state, session, log);
            return await settlement.SettleAsync(db, state, cancellationToken);
        }, cancellationToken);

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {SessionId} of org {OrgId} was open and not in our table; now it is {SessionStatus}")]
    private partial void LogStray(string orgId, string sessionId, string sessionStatus);
}
