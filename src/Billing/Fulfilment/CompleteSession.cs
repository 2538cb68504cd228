using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>Takes in that a checkout session is complete, and what was paid with it. May be repeated, in any order (DESIGN rule 2).</summary>
internal static partial class CompleteSession
{
    /// <summary>As without a log, and raises the alarm there.</summary>
    public static SessionOutcome Apply(OrgState state, Stripe.Checkout.Session session, ILogger log)
    {
        var outcome = Apply(state, session);
        if (outcome == SessionOutcome.AmountMismatch)
        {
            LogMismatch(log, session.Id, state.Org.Id, Mismatch(session));
        }
        return outcome;
    }

    public static SessionOutcome Apply(OrgState state, Stripe.Checkout.Session session)
    {
        if (state.Session is { } row)
        {
            row.SessionId ??= session.Id;
            row.State = CheckoutState.Complete;
            row.SubscriptionId ??= session.SubscriptionId;
            row.PaymentIntentId ??= session.PaymentIntentId;
            if (row.PaymentStatus is null or PaymentStatus.Unpaid or PaymentStatus.Mismatch)
            {
                row.PaymentStatus = session.PaymentStatus;
            }
        }
        return session.SubscriptionId is { } subscriptionId ? Discover(state, subscriptionId) : TakeTopUp(state, session);
    }

    /// <summary>What is wrong with it, for people.</summary>
    public static string Mismatch(Stripe.Checkout.Session session) =>
        $"it is {session.PaymentStatus} with {session.AmountSubtotal} {session.Currency}, which is not what it was offered for; nothing is credited";

    private static SessionOutcome Discover(OrgState state, string subscriptionId)
    {
        var subscription = state.FindOrAdd(subscriptionId, out var known);
        if (!known)
        {
            subscription.RequestReRead();
        }
        return SessionOutcome.Taken;
    }

    private static SessionOutcome TakeTopUp(OrgState state, Stripe.Checkout.Session session)
    {
        if (Sold(state) is not { } sold)
        {
            return state.Session is null ? SessionOutcome.NotOurs : SessionOutcome.Taken;
        }
        if (session.PaymentStatus == PaymentStatus.Unpaid)
        {
            return SessionOutcome.Taken;
        }
        // Nor "no_payment_required": top-ups cost something, and take no promotion codes.
        if (session.PaymentStatus != PaymentStatus.Paid || session.AmountSubtotal != sold.Amount || session.Currency != sold.Currency)
        {
            if (state.Session is { } row)
            {
                row.PaymentStatus = PaymentStatus.Mismatch;
            }
            return SessionOutcome.AmountMismatch;
        }
        state.TopUps.Add(Grant(state.Org.Id, sold.IntentId, sold.Credits, session));
        return SessionOutcome.Taken;
    }

    /// <summary>What makes a top-up's grant the only one of its intent.</summary>
    public static string SourceKey(Guid intentId) => $"top_up:{intentId:N}";

    /// <summary>Keyed by the intent, whichever of our row or its signed metadata told it; top-ups never expire.</summary>
    private static CreditGrant Grant(string orgId, Guid intentId, long credits, Stripe.Checkout.Session session) => new()
    {
        Id = Guid.CreateVersion7(),
        OrgId = orgId,
        Source = CreditSource.TopUp,
        SourceKey = SourceKey(intentId),
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Session {SessionId} of org {OrgId} needs somebody to look at it: {Mismatch}")]
    private static partial void LogMismatch(ILogger log, string sessionId, string orgId, string mismatch);
}

/// <summary>What a complete session turned out to be.</summary>
internal enum SessionOutcome
{
    /// <summary>Of nothing that we sold.</summary>
    NotOurs,

    Taken,

    /// <summary>A top-up that was not paid in the amount and currency that it was offered for: nobody may guess what that buys.</summary>
    AmountMismatch,
}
