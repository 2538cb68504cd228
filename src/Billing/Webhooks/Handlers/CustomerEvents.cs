using Billing.Fulfilment;

namespace Billing.Webhooks.Handlers;

/// <summary><c>customer.deleted</c>: its subscriptions end with events of their own; the org gets a new customer when it buys again.</summary>
internal static class CustomerEvents
{
    public static EventDecision Deleted(OrgState state, Stripe.Event e)
    {
        var customer = (Stripe.Customer)e.Data.Object!;
        if (state.Org.StripeCustomerId != customer.Id)
        {
            return EventDecision.Older("the org has another customer");
        }
        state.Org.StripeCustomerId = null;
        state.Org.CustomerGeneration++;
        return EventDecision.Applied;
    }
}
