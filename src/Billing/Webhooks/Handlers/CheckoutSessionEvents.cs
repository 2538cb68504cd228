using Billing.Fulfilment;
using Billing.Persistence;

namespace Billing.Webhooks.Handlers;

/// <summary>
/// <c>checkout.session.*</c>: a session only moves forward (open, then complete or expired; unpaid, then paid or failed), so order and
/// repetition do not matter.
/// </summary>
internal static class CheckoutSessionEvents
{
    /// <summary>The page was completed, or its delayed payment succeeded: there is a subscription to read.</summary>
    public static EventDecision Completed(OrgState state, Stripe.Event e)
    {
        var session = (Stripe.Checkout.Session)e.Data.Object!;
        if (state.Session is { } row)
        {
            row.SessionId ??= session.Id;
            row.State = CheckoutState.Complete;
            row.SubscriptionId ??= session.SubscriptionId;
            if (row.PaymentStatus is null or PaymentStatus.Unpaid)
            {
                row.PaymentStatus = session.PaymentStatus;
            }
        }
        if (session.SubscriptionId is not { } subscriptionId)
        {
            return state.Session is null ? EventDecision.Ignored("a session without a subscription") : EventDecision.Applied;
        }

        var subscription = state.FindOrAdd(subscriptionId, out var known);
        if (!known)
        {
            subscription.RequestReRead();
        }
        return EventDecision.Applied;
    }

    /// <summary>A delayed payment failed; the session stays complete and can never be paid (FACTS C.3, flow 8).</summary>
    public static EventDecision PaymentFailed(OrgState state, Stripe.Event e)
    {
        if (state.Session is not { } row)
        {
            return EventDecision.Ignored("not a session of ours");
        }
        row.SessionId ??= ((Stripe.Checkout.Session)e.Data.Object!).Id;
        row.State = CheckoutState.Complete;
        row.PaymentStatus = PaymentStatus.Failed;
        return EventDecision.Applied;
    }

    public static EventDecision Expired(OrgState state, Stripe.Event e)
    {
        if (state.Session is not { } row)
        {
            return EventDecision.Ignored("not a session of ours");
        }
        if (row.State is not (CheckoutState.Creating or CheckoutState.Open))
        {
            return EventDecision.Older("the session had ended already");
        }
        row.SessionId ??= ((Stripe.Checkout.Session)e.Data.Object!).Id;
        row.State = CheckoutState.Expired;
        return EventDecision.Applied;
    }
}
