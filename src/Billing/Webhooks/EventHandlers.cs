using Billing.Fulfilment;
using Billing.Webhooks.Handlers;
using EventTypes = Stripe.EventTypes;

namespace Billing.Webhooks;

/// <summary>Every event type that we handle, and how. All others are stored as ignored.</summary>
internal static class EventHandlers
{
    private static readonly Dictionary<string, EventHandler> Handlers = new()
    {
        [EventTypes.CheckoutSessionCompleted] = (state, e, _) => CheckoutSessionEvents.Completed(state, e),
        [EventTypes.CheckoutSessionAsyncPaymentSucceeded] = (state, e, _) => CheckoutSessionEvents.Completed(state, e),
        [EventTypes.CheckoutSessionAsyncPaymentFailed] = (state, e, _) => CheckoutSessionEvents.PaymentFailed(state, e),
        [EventTypes.CheckoutSessionExpired] = (state, e, _) => CheckoutSessionEvents.Expired(state, e),
        [EventTypes.CustomerSubscriptionCreated] = SubscriptionEvents.Changed,
        [EventTypes.CustomerSubscriptionUpdated] = SubscriptionEvents.Changed,
        [EventTypes.CustomerSubscriptionDeleted] = SubscriptionEvents.Changed,
        [EventTypes.CustomerSubscriptionPaused] = SubscriptionEvents.Changed,
        [EventTypes.CustomerSubscriptionResumed] = SubscriptionEvents.Changed,
        [EventTypes.CustomerDeleted] = (state, e, _) => CustomerEvents.Deleted(state, e),
        [EventTypes.InvoicePaid] = (state, e, _) => InvoiceEvents.Paid(state, e),
        [EventTypes.InvoicePaymentFailed] = (state, e, _) => InvoiceEvents.PaymentFailed(state, e),
    };

    /// <summary>What only has a payment read from Stripe: the object names the payment, not whose it is.</summary>
    private static readonly HashSet<string> OfPayments =
    [
        EventTypes.ChargeRefunded, EventTypes.RefundCreated, EventTypes.RefundUpdated, EventTypes.RefundFailed,
        EventTypes.ChargeDisputeCreated, EventTypes.ChargeDisputeUpdated, EventTypes.ChargeDisputeClosed, EventTypes.ChargeDisputeFundsReinstated,
    ];

    public static IReadOnlyCollection<string> Types { get; } = [.. Handlers.Keys, .. OfPayments];

    public static bool IsHandled(string type) => Handlers.ContainsKey(type) || IsOfPayment(type);

    public static bool IsOfPayment(string type) => OfPayments.Contains(type);

    public static EventHandler? Find(string type) => Handlers.GetValueOrDefault(type);
}

/// <summary>Applies one event to the state of its org in memory. Pure: the same state and event give the same result.</summary>
internal delegate EventDecision EventHandler(OrgState state, Stripe.Event e, Snapshots snapshots);
