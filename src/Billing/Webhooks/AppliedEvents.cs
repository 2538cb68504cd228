using Billing.Fulfilment;
using Billing.Persistence;

namespace Billing.Webhooks;

/// <summary>What became of events that were applied together; those that had been stored before are not among them.</summary>
internal sealed class AppliedEvents
{
    private readonly Dictionary<string, string> _standings = [];

    public Dictionary<StripeEvent, EventDecision> Decisions { get; } = [];

    /// <summary>Payments that are to be read from Stripe, in the order in which their rows are locked.</summary>
    public SortedSet<string> Payments { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a subscription is to be read from Stripe.</summary>
    public bool MarksSubscriptions { get; private set; }

    /// <summary>Whether a payment is.</summary>
    public bool MarksPayments { get; private set; }

    public void Add(StripeEvent row, EventDecision decision)
    {
        Decisions[row] = decision;
        MarksPayments |= Payments.Count > 0;
    }

    public void Settle(OrgState state, Settled settled)
    {
        MarksSubscriptions |= state.Subscriptions.Any(row => row.ReReadDueAt is not null);
        MarksPayments |= settled.RemindsPayments;
        if (settled.Standing is { } standing)
        {
            _standings[state.Org.Id] = standing;
        }
    }

    /// <summary>What the event's org has now, in words for the log, if the events changed it.</summary>
    public string? Standing(StripeEvent row) => row.OrgId is { } org ? _standings.GetValueOrDefault(org) : null;
}
