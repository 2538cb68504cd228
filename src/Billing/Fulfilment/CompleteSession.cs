using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>Takes in that a checkout session is complete, and what was paid with it. May be repeated, in any order (DESIGN rule 2).</summary>
internal static class CompleteSession
{
    /// <returns>Whether it is a session of something that we sold.</returns>
    /// <exception cref="InvalidDataException">It was paid in another amount or currency than it was offered for: nobody may guess what that buys.</exception>
    public static bool Apply(OrgState state, Stripe.Checkout.Session session)
    {
        if (state.Session is { } row)
        {
            row.SessionId ??= session.Id;
            row.State = CheckoutState.Complete;
            row.SubscriptionId ??= session.SubscriptionId;
            row.PaymentIntentId ??= session.PaymentIntentId;
            if (row.PaymentStatus is null or PaymentStatus.Unpaid)
            {
                row.PaymentStatus = session.PaymentStatus;
            }
        }
        return session.SubscriptionId is { } subscriptionId ? Discover(state, subscriptionId) : TakeTopUp(state, session);
    }

    private static bool Discover(OrgState state, string subscriptionId)
    {
        var subscription = state.FindOrAdd(subscriptionId, out var known);
        if (!known)
        {
            subscription.RequestReRead();
        }
        return true;
    }

    private static bool TakeTopUp(OrgState state, Stripe.Checkout.Session session)
    {
        if (Sold(state) is not { } sold)
        {
            return state.Session is not null;
        }
        // Not "no_payment_required": top-ups cost something, and take no promotion codes.
        if (session.PaymentStatus == PaymentStatus.Paid)
        {
            if (session.AmountSubtotal != sold.Amount || session.Currency != sold.Currency)
            {
                throw new InvalidDataException(
                    $"The session was paid with {session.AmountSubtotal} {session.Currency} but offered for {sold.Amount} {sold.Currency}.");
            }
            state.TopUps.Add(Grant(state.Org.Id, sold.IntentId, sold.Credits, session));
        }
        return true;
    }

    /// <summary>Keyed by the intent, whichever of our row or its signed metadata told it; top-ups never expire.</summary>
    private static CreditGrant Grant(string orgId, Guid intentId, long credits, Stripe.Checkout.Session session) => new()
    {
        Id = Guid.CreateVersion7(),
        OrgId = orgId,
        Source = CreditSource.TopUp,
        SourceKey = $"top_up:{intentId:N}",
        Amount = credits,
        Remaining = credits,
        PaymentIntentId = session.PaymentIntentId,
        CreatedAt = session.Created,
    };

    /// <summary>By our row; where that is lost, by the metadata that we signed.</summary>
    private static (Guid IntentId, long Credits, long Amount, string Currency)? Sold(OrgState state) =>
        state.Session is { } row ? (row.Credits is { } credits ? (row.Id, credits, row.Amount, row.Currency) : null)
        : state.Claims is { Credits: { } claimed } claims ? (claims.IntentId, claimed, claims.Amount, claims.Currency)
        : null;
}
