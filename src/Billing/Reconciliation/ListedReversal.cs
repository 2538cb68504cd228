using Billing.Persistence;
using Billing.Reversals;

namespace Billing.Reconciliation;

/// <summary>A refund or dispute as Stripe shows it, with the payment that it is of: that tells whose it may be.</summary>
internal sealed record ListedReversal(Reversal Told, Stripe.PaymentIntent Payment)
{
    /// <summary>Has lists show payments in full.</summary>
    public static readonly IReadOnlyList<string> Expansion = ["data.payment_intent"];

    /// <summary>Null for one of a charge that no payment intent made: nothing that we sell is paid so.</summary>
    public static ListedReversal? Of(Stripe.Refund refund) =>
        refund.PaymentIntent is { } payment ? new ListedReversal(PaymentFacts.Of(refund, payment.Id), payment) : null;

    /// <inheritdoc cref="Of(Stripe.Refund)"/>
    public static ListedReversal? Of(Stripe.Dispute dispute) =>
        dispute.PaymentIntent is { } payment ? new ListedReversal(PaymentFacts.Of(dispute, payment.Id), payment) : null;
}
