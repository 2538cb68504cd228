using Billing.Fulfilment;
using Billing.Persistence;

namespace Billing.Webhooks;

/// <summary>What became of events that were applied together; those that had been stored before are not among them.</summary>
internal sealed class AppliedEvents
{
    private readonly Dictionary<string, string> _standings = [];

    public Dictionary<StripeEvent, EventDecision> Decisions { get; } = [];

    /// <summary>What changed of rows that were there; they are locked.</summary>
    public ChangedRows<Org> Orgs { get; private set; } = ChangedRows<Org>.None;

    public ChangedRows<Subscription> Subscriptions { get; private set; } = ChangedRows<Subscription>.None;

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

    /// <summary>Call it once everything is settled.</summary>
    public void Take(BillingDb db, OrgBatch batch) => (Orgs, Subscriptions) = (batch.ChangedOrgs(db), batch.ChangedSubscriptions(db));

    /// <summary>What the event's org has now, in words for the log, if the events changed it.</summary>
    public string? Standing(StripeEvent row) => row.OrgId is { } org ? _standings.GetValueOrDefault(org) : null;

    /// <summary>What became of this one.</summary>
    public EventReceipt Receipt(StripeEvent row) => Decisions.GetValueOrDefault(row) is { } decision
        ? new EventReceipt(decision.Outcome, decision.Detail, Standing(row))
        : EventReceipt.Duplicate;
}

/// <summary>What became of a delivery, for the log.</summary>
/// <param name="Outcome">Null: it had been stored before.</param>
/// <param name="Detail">Why, where the outcome alone does not say it.</param>
/// <param name="Standing">What the org has now, if that changed.</param>
internal sealed record EventReceipt(EventOutcome? Outcome, string? Detail, string? Standing)
{
    public static readonly EventReceipt Duplicate = new(null, null, null);
}
