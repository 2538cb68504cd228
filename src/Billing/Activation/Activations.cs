using Billing.Api;
using Billing.Checkout;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Status;
using Microsoft.EntityFrameworkCore;

namespace Billing.Activation;

/// <summary>
/// Books what a session bought when its buyer comes back from the payment page, which may be before any webhook. It only does what the
/// webhook would do, on the same rows under the same lock, so that both may race (DESIGN rules 2 and 5).
/// </summary>
internal sealed partial class Activations(
    Stripe.IStripeClient stripe, SessionSigner signer, OrgStates orgs, Snapshots snapshots, Settlement settlement, Outcomes outcomes, OrgStatus status,
    IDbContextFactory<BillingDb> databases, TimeProvider time, ILogger<Activations> log)
{
    /// <summary>How long after its session's end a purchase that nothing has booked yet can be activated.</summary>
    private static readonly TimeSpan FirstActivation = TimeSpan.FromDays(14);

    /// <summary>The longest that a call may take, Stripe's answer and its tries included; less than an idempotency key is leased for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(50);

    /// <summary>
    /// The state that the session led to, or the same 403 for everything that is not a paid or pending session that we sold to this org:
    /// nobody can learn from it which sessions exist. 409 where it was ours and brought nothing (<see cref="Outcomes"/>); 503 if it takes too
    /// long.
    /// </summary>
    public async Task<Result<ActivationResponse>> ActivateAsync(string orgId, string sessionId, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await FindAndApplyAsync(orgId, sessionId, bounded.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ApiError.Unavailable("The payment provider took too long. Try again; nothing is lost.");
        }
    }

    private async Task<Result<ActivationResponse>> FindAndApplyAsync(string orgId, string sessionId, CancellationToken cancellationToken)
    {
        var found = await FoundSession.ReadAsync(stripe, sessionId, time, cancellationToken);
        if (found is null || WhyNotOurs(found.Session, orgId) is { } reason)
        {
            LogRefused(sessionId, orgId, found is null ? "Stripe does not know it" : WhyNotOurs(found.Session, orgId)!);
            return Refusal();
        }
        var applied = await ApplyAsync(orgId, found, cancellationToken);
        if (applied.Error is { } refusal)
        {
            LogRefused(sessionId, orgId, refusal.Details is ConflictDetails { Reason: var why } ? why : "it is another session than its intent's, or too old");
            return refusal;
        }
        LogActivated(sessionId, orgId, applied.Value);
        var now = await status.ReadAsync(orgId, cancellationToken);
        return new ActivationResponse(applied.Value != ActivationState.PendingPayment, applied.Value, now.Plan, now.Status, now.Credits);
    }

    /// <summary>Why the session is none that this org can activate, or null.</summary>
    private string? WhyNotOurs(Stripe.Checkout.Session session, string orgId) =>
        signer.Verify(session.Metadata) is not { } claims ? "its metadata is not signed by us"
        : claims.OrgId != orgId || session.ClientReferenceId != orgId ? "it belongs to another org"
        : (session.Mode == "subscription") != (claims.Kind == CheckoutKind.Subscription) ? "it sells something else"
        : session.Status != "complete" ? $"it is {session.Status}"
        : null;

    /// <returns>A refusal too commits what was found out.</returns>
    private Task<Result<ActivationState>> ApplyAsync(string orgId, FoundSession found, CancellationToken cancellationToken) =>
        databases.TransactAsync(async db =>
        {
            var (session, claims) = (found.Session, signer.Verify(found.Session.Metadata)!);
            var state = await OrgStates.LockAsync(db, orgId, StripeSubject.Of(session), claims, cancellationToken);
            if (await FoundSession.IsCopyAsync(db, state, claims, cancellationToken) || IsTooLate(state, claims))
            {
                return Refusal();
            }
            await orgs.RelinkAsync(db, state.Org, session.CustomerId, cancellationToken);
            var hadIt = session.SubscriptionId is { } id && outcomes.IsEntitling(state.Find(id));
            var outcome = found.ApplyTo(state, snapshots, log);
            var settled = await settlement.SettleAsync(db, state, cancellationToken);
            var result = outcome == SessionOutcome.AmountMismatch ? Outcomes.AmountMismatch
                : session.SubscriptionId is null ? Outcomes.OfTopUp(session, state.Session, settled)
                : outcomes.OfSubscription(session, state, hadIt);
            db.Activities.Add(ActivityEntry.New(orgId, ActivityEntryKind.Activation, session.Id, InWords(result) + settled.Standing, time.GetUtcNow()));
            return result;
        }, cancellationToken);

    private static string InWords(Result<ActivationState> result) =>
        result.Error is null ? EnumWords<ActivationState>.Of(result.Value) : $"refused: {(result.Error.Details as ConflictDetails)?.Reason ?? result.Error.Code}";

    /// <summary>Only a first activation expires; what is booked stays booked.</summary>
    private bool IsTooLate(OrgState state, SessionClaims claims) =>
        state.Session?.State != CheckoutState.Complete && claims.ExpiresAt + FirstActivation < time.GetUtcNow();

    private static ApiError Refusal() => ApiError.Forbidden("This session cannot be activated for this org.");

    [LoggerMessage(Level = LogLevel.Information, Message = "Session {SessionId} of org {OrgId} activated: {State}")]
    private partial void LogActivated(string sessionId, string orgId, ActivationState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Session {SessionId} cannot be activated for org {OrgId}: {Reason}")]
    private partial void LogRefused(string sessionId, string orgId, string reason);
}
