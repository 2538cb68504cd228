using Billing.Fulfilment;
using Billing.Webhooks.Handlers;
using EventTypes = Stripe.EventTypes;

namespace Billing.Webhooks;

/// <summary>Every event type that we handle, and how. All others are stored as ignored.</summary>
internal sealed class EventHandlers(Snapshots snapshots)
{
    private readonly Dictionary<string, EventHandler> _handlers = new()
    {
        [EventTypes.CheckoutSessionCompleted] = CheckoutSessionEvents.Completed,
        [EventTypes.CheckoutSessionAsyncPaymentSucceeded] = CheckoutSessionEvents.Completed,
        [EventTypes.CheckoutSessionAsyncPaymentFailed] = CheckoutSessionEvents.PaymentFailed,
        [EventTypes.CheckoutSessionExpired] = CheckoutSessionEvents.Expired,
        [EventTypes.CustomerSubscriptionCreated] = (state, e) => SubscriptionEvents.Changed(state, e, snapshots),
        [EventTypes.CustomerSubscriptionUpdated] = (state, e) => SubscriptionEvents.Changed(state, e, snapshots),
        [EventTypes.CustomerSubscriptionDeleted] = (state, e) => SubscriptionEvents.Changed(state, e, snapshots),
        [EventTypes.InvoicePaid] = InvoiceEvents.Paid,
        [EventTypes.InvoicePaymentFailed] = InvoiceEvents.PaymentFailed,
    };

    public IReadOnlyCollection<string> Types => _handlers.Keys;

    public EventHandler? Find(string type) => _handlers.GetValueOrDefault(type);
}

/// <summary>Applies one event to the state of its org in memory. Pure: the same state and event give the same result.</summary>
internal delegate EventDecision EventHandler(OrgState state, Stripe.Event e);
