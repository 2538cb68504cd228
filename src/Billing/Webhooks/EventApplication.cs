using System.Text;
using Billing.Fulfilment;
using Billing.Persistence;
using Billing.Reversals;

namespace Billing.Webhooks;

/// <summary>
/// Applies an event to its org inside the caller's transaction: parses it, loads and locks the org, lets the handler decide, derives the
/// standing.
/// </summary>
internal sealed partial class EventApplication(OrgStates orgs, Snapshots snapshots, Settlement settlement, ILogger<EventApplication> log)
{
    /// <summary>Changes what the event changes and writes the decision into its row; saving and committing are the caller's.</summary>
    /// <exception cref="Exception">Whatever is wrong with the event: it is to be parked.</exception>
    public async Task<EventDecision> ApplyAsync(BillingDb db, StripeEvent row, CancellationToken cancellationToken)
    {
        db.Attach(row);
        var decision = await DecideAsync(db, row, cancellationToken);
        // Written even where it is what the object says already: the stored row says parked until it is applied.
        db.Entry(row).Property(r => r.Outcome).IsModified = true;
        row.Outcome = decision.Outcome;
        row.Detail = decision.Detail;
        row.RetryAt = null;
        return decision;
    }

    private async Task<EventDecision> DecideAsync(BillingDb db, StripeEvent row, CancellationToken cancellationToken)
    {
        var handle = EventHandlers.Find(row.Type);
        if (handle is null && !EventHandlers.IsOfPayment(row.Type))
        {
            return EventDecision.Ignored("not a type that is handled");
        }
        var e = Stripe.EventUtility.ParseEvent(Encoding.UTF8.GetString(row.Payload), throwOnApiVersionMismatch: false);
        if (e.Account is not null)
        {
            return EventDecision.Ignored("an event of a connected account");
        }
        if (handle is null)
        {
            return await MarkPaymentAsync(db, e.Data.Object, cancellationToken);
        }
        if (Subject(e.Data.Object) is not { } subject || await orgs.FindAsync(db, subject, cancellationToken) is not { } state)
        {
            return EventDecision.Ignored("nothing of ours");
        }

        row.OrgId = state.Org.Id;
        var decision = handle(state, e, snapshots);
        if (decision.IsAlarm)
        {
            LogAlarm(row.Id, row.Type, state.Org.Id, decision.Detail);
        }
        var settled = await settlement.SettleAsync(db, state, cancellationToken);
        return decision with { Standing = settled.Standing };
    }

    private static async Task<EventDecision> MarkPaymentAsync(BillingDb db, Stripe.IHasObject? content, CancellationToken cancellationToken)
    {
        var payment = content switch
        {
            Stripe.Refund refund => refund.PaymentIntentId,
            Stripe.Dispute dispute => dispute.PaymentIntentId,
            Stripe.Charge charge => charge.PaymentIntentId,
            _ => null,
        };
        if (payment is null)
        {
            return EventDecision.Ignored("it names no payment intent, so it is of nothing that we sold");
        }
        await db.MarkAsync(payment, cancellationToken);
        return EventDecision.ReRead("money of a payment went back, or may");
    }

    private static StripeSubject? Subject(Stripe.IHasObject? content) => content switch
    {
        Stripe.Subscription subscription => new(subscription.Id, null, subscription.CustomerId, subscription.Metadata),
        Stripe.Invoice { Parent.SubscriptionDetails: { } details } invoice =>
            new(details.SubscriptionId, null, invoice.CustomerId, details.Metadata),
        Stripe.Invoice invoice => new(null, null, invoice.CustomerId, null),
        Stripe.Checkout.Session session => StripeSubject.Of(session),
        Stripe.Customer customer => new(null, null, customer.Id, null),
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {StripeEventId} {EventType} of org {OrgId} needs somebody to look at it: {Detail}")]
    private partial void LogAlarm(string stripeEventId, string eventType, string orgId, string? detail);
}
