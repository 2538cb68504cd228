using Billing.Fulfilment;
using Billing.Persistence;

namespace Billing.Webhooks.Handlers;

/// <summary>
/// <c>checkout.session.*</c>: a session only moves forward (open, then complete or expired; unpaid, then paid or failed), so order and
/// repetition do not matter.
/// </summary>
internal static class CheckoutSessionEvents
{
    /// <summary>The page was completed, or its delayed payment succeeded.</summary>
    public static EventDecision Completed(OrgState state, Stripe.Event e)
    {
        var session = (Stripe.Checkout.Session)e.Data.Object!;
        return CompleteSession.Apply(state, session) switch
        {
            SessionOutcome.NotOurs => EventDecision.Ignored("nothing that we sold"),
            SessionOutcome.AmountMismatch => EventDecision.Alarm(CompleteSession.Mismatch(session)),
            _ => EventDecision.Applied,
        };
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
