using Billing.Api;
using Billing.Persistence;

namespace Billing.Reversals;

/// <summary>What Stripe says about a payment and all that went back of it.</summary>
internal sealed record PaymentFacts(Stripe.PaymentIntent Intent, IReadOnlyList<Reversal> Reversals)
{
    public static async Task<PaymentFacts> ReadAsync(Stripe.IStripeClient stripe, string id, CancellationToken cancellationToken)
    {
        var intent = await new Stripe.PaymentIntentService(stripe).GetAsync(id, cancellationToken: cancellationToken);
        var reversals = new List<Reversal>();
        var refunds = new Stripe.RefundListOptions { PaymentIntent = id, Limit = 100 };
        await foreach (var refund in new Stripe.RefundService(stripe).ListAutoPagingAsync(refunds, cancellationToken: cancellationToken))
        {
            reversals.Add(Of(refund, id));
        }
        var disputes = new Stripe.DisputeListOptions { PaymentIntent = id, Limit = 100 };
        await foreach (var dispute in new Stripe.DisputeService(stripe).ListAutoPagingAsync(disputes, cancellationToken: cancellationToken))
        {
            reversals.Add(Of(dispute, id));
        }
        return new PaymentFacts(intent, reversals);
    }

    /// <summary>The subscription invoice that the payment paid, or null; a charge does not name it (STRIPE_NET_API).</summary>
    public static async Task<string?> FindInvoiceAsync(Stripe.IStripeClient stripe, string id, CancellationToken cancellationToken)
    {
        var options = new Stripe.InvoicePaymentListOptions { Payment = new() { Type = "payment_intent", PaymentIntent = id }, Limit = 1 };
        try
        {
            var found = await new Stripe.InvoicePaymentService(stripe).ListAsync(options, cancellationToken: cancellationToken);
            return found.Data.FirstOrDefault()?.InvoiceId;
        }
        catch (Stripe.StripeException missing) when (StripeErrors.IsMissing(missing))
        {
            return null;
        }
    }

    public static Reversal Of(Stripe.Refund refund, string payment) =>
        New(refund.Id, payment, ReversalKind.Refund, refund.Amount, refund.Status, refund.Created);

    public static Reversal Of(Stripe.Dispute dispute, string payment) =>
        New(dispute.Id, payment, ReversalKind.Dispute, dispute.Amount, dispute.Status, dispute.Created);

    private static Reversal New(string id, string payment, ReversalKind kind, long amount, string? status, DateTime created) =>
        new() { Id = id, PaymentId = payment, Kind = kind, Amount = amount, Status = status ?? "pending", CreatedAt = created };
}
