using Billing.Fulfilment;

namespace Billing.Webhooks.Handlers;

/// <summary><c>invoice.*</c>: what is paid for and what is not. Only invoices of subscriptions matter.</summary>
internal static class InvoiceEvents
{
    /// <summary>Moves on what is paid through: a maximum, so that order and repetition do not matter.</summary>
    public static EventDecision Paid(OrgState state, Stripe.Event e)
    {
        var invoice = (Stripe.Invoice)e.Data.Object!;
        if (SubscriptionId(invoice) is not { } id)
        {
            return OfNoSubscription(state, e);
        }

        var row = state.FindOrAdd(id, out var known);
        if (!known || row.Status is SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid or SubscriptionStatus.Incomplete)
        {
            row.RequestReRead();
        }
        return PaidPeriods.Apply(invoice, row) ? EventDecision.Applied : EventDecision.Older("it was taken in before");
    }

    /// <summary>Shows past due at once where this is the newest news, and has the truth read in any case (DESIGN rule 3).</summary>
    public static EventDecision PaymentFailed(OrgState state, Stripe.Event e)
    {
        var invoice = (Stripe.Invoice)e.Data.Object!;
        if (SubscriptionId(invoice) is not { } id)
        {
            return OfNoSubscription(state, e);
        }

        var row = state.FindOrAdd(id, out _);
        if (SubscriptionStatus.IsFinal(row.Status))
        {
            return EventDecision.Older("the subscription has ended for good");
        }
        DateTimeOffset at = e.Created;
        var isNewest = (row.StateAt is null || at > row.StateAt) && (row.ReadAt is null || at > row.ReadAt);
        if (row.Status == SubscriptionStatus.Active && isNewest)
        {
            row.Status = SubscriptionStatus.PastDue;
            var start = PaidPeriods.Start(invoice) ?? row.CurrentPeriodStart ?? at;
            row.PastDueSince = Snapshots.UnpaidSince(row, start, at);
        }
        row.RequestReRead();
        return EventDecision.ReRead("a payment failed");
    }

    /// <summary>Other API versions name the subscription elsewhere (FACTS F.1): then each of the org's may be meant.</summary>
    private static EventDecision OfNoSubscription(OrgState state, Stripe.Event e)
    {
        var live = state.Subscriptions.Where(row => !SubscriptionStatus.IsFinal(row.Status)).ToList();
        if (ApiTrain.IsOurs(e.ApiVersion) || live.Count == 0)
        {
            return EventDecision.Ignored("not an invoice of a subscription");
        }
        live.ForEach(row => row.RequestReRead());
        return EventDecision.ReRead($"the event has API version {e.ApiVersion}");
    }

    private static string? SubscriptionId(Stripe.Invoice invoice) => invoice.Parent?.SubscriptionDetails?.SubscriptionId;
}
