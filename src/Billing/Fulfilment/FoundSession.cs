using Billing.Api;
using Billing.Background;
using Billing.Checkout;
using Billing.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Billing.Fulfilment;

/// <summary>A checkout session as Stripe's API answered it, with its subscription, and what is known about when that was.</summary>
internal sealed record FoundSession(Stripe.Checkout.Session Session, DateTimeOffset AnsweredAt, TimeSpan Took)
{
    /// <returns>Null if Stripe does not know it.</returns>
    public static async Task<FoundSession?> ReadAsync(
        Stripe.IStripeClient stripe, string sessionId, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var sent = TimeProvider.System.GetTimestamp();
            var options = new Stripe.Checkout.SessionGetOptions { Expand = ["subscription.latest_invoice"] };
            var session = await new Stripe.Checkout.SessionService(stripe).GetAsync(sessionId, options, cancellationToken: cancellationToken);
            return new FoundSession(session, session.StripeResponse?.Date ?? time.GetUtcNow(), TimeProvider.System.GetElapsedTime(sent));
        }
        catch (Stripe.StripeException missing) when (StripeErrors.IsMissing(missing))
        {
            return null;
        }
    }

    /// <summary>Takes in the complete session and the subscription that it made; settling is the caller's.</summary>
    public SessionOutcome ApplyTo(OrgState state, Snapshots snapshots, ILogger log)
    {
        if (Session.Subscription is { } subscription
            && StripeRead.Of(subscription, AnsweredAt, Took, claim: null).ApplyTo(state, snapshots) == ReadOutcome.TooEarly)
        {
            state.Find(subscription.Id)!.RequestReRead();
        }
        return CompleteSession.Apply(state, Session, log);
    }

    /// <summary>Whether another session than the intent's carries its metadata: that can be copied at Stripe by hand.</summary>
    public static async Task<bool> IsCopyAsync(BillingDb db, OrgState state, SessionClaims claims, CancellationToken cancellationToken) =>
        state.Session is null && await db.CheckoutSessions.AnyAsync(session => session.Id == claims.IntentId, cancellationToken);
}
