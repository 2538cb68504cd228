using Billing.Api;
using Billing.Checkout;
using Billing.Fulfilment;
using Billing.Persistence;

namespace Billing.Activation;

/// <summary>What the buyer is told about a complete session: the state that it led to, or what stands in the way of one.</summary>
internal sealed class Outcomes(Standing standing)
{
    public static readonly ApiError AmountMismatch = ApiError.Conflict(
        "amount_mismatch", "The payment is not the one that these credits were offered for, so none were booked. The operator finds it in the log.");

    public static readonly ApiError PaymentFailed = ApiError.Conflict("payment_failed", "The payment failed, and nothing was booked. Start another one.");

    public static IEnumerable<ApiError> Refusals => [Obstacle.PaymentRequired, Obstacle.SubscriptionPaused, PaymentFailed, AmountMismatch];

    /// <summary>Whether the org has the plan by this subscription now: while past due only until its grace ends (DESIGN rule 8).</summary>
    public bool IsEntitling(Subscription? subscription) => subscription?.Status == SubscriptionStatus.PastDue
        ? standing.Counting([subscription]) is not null
        : SubscriptionStatus.IsEntitling(subscription?.Status);

    /// <param name="session">Complete.</param>
    /// <param name="row">Null if it was lost.</param>
    /// <param name="settled">What came of it just now.</param>
    public static Result<ActivationState> OfTopUp(Stripe.Checkout.Session session, CheckoutSession? row, Settled settled) =>
        IsPending(session, row) ? ActivationState.PendingPayment
        : session.PaymentStatus != PaymentStatus.Paid ? PaymentFailed
        : settled.TopUpsGranted > 0 ? ActivationState.Credited
        : ActivationState.AlreadyCredited;

    /// <param name="session">Complete.</param>
    /// <param name="state">With the subscription as Stripe shows it now.</param>
    /// <param name="hadIt">Whether the subscription gave the org its plan before.</param>
    public Result<ActivationState> OfSubscription(Stripe.Checkout.Session session, OrgState state, bool hadIt)
    {
        var row = state.Find(session.SubscriptionId!)!;
        if (IsPending(session, state.Session))
        {
            return ActivationState.PendingPayment;
        }
        if (IsEntitling(row))
        {
            return hadIt ? ActivationState.AlreadyActive : ActivationState.Active;
        }
        return row.Status switch
        {
            SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid or SubscriptionStatus.Incomplete => Obstacle.PaymentRequired,
            SubscriptionStatus.Paused => Obstacle.SubscriptionPaused,
            _ => ActivationState.Ended,
        };
    }

    /// <summary>A session whose delayed payment failed stays unpaid at Stripe for good; only our row knows (FACTS C.3, flow 8).</summary>
    private static bool IsPending(Stripe.Checkout.Session session, CheckoutSession? row) =>
        session.PaymentStatus == PaymentStatus.Unpaid && row?.PaymentStatus != PaymentStatus.Failed;
}
