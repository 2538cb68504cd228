namespace Billing.Reconciliation;

/// <summary>One thing in which we differ from Stripe, or an org's row from its subscriptions.</summary>
/// <param name="OrgId">Null where it is not known whose it is.</param>
/// <param name="ObjectId">Stripe's id of what differs; the org's own id where that is its row.</param>
/// <param name="Detail">What Stripe says and what we have, in words, without personal data.</param>
/// <param name="IsRepaired">Whether it is gone now.</param>
internal sealed record Drift(DriftType Type, string? OrgId, string ObjectId, string Detail, bool IsRepaired = false)
{
    public Drift Repaired() => this with { IsRepaired = true };

    /// <summary>It could not be repaired, and this is why.</summary>
    public Drift Left(string why) => this with { Detail = $"{Detail}; not repaired: {why}" };
}

internal enum DriftType
{
    /// <summary>An event that Stripe has and the inbox has not.</summary>
    MissingEvent,

    /// <summary>A subscription that sells a plan of ours to an org, of which we have no row.</summary>
    MissingSubscription,

    /// <summary>The subscription's status, or Stripe does not show it at all.</summary>
    Status,

    /// <summary>Its price, plan or interval.</summary>
    Plan,

    /// <summary>When its period starts and ends, or when it is to end.</summary>
    Period,

    /// <summary>Its latest invoice is paid and what that paid for is not booked.</summary>
    UnbookedInvoice,

    /// <summary>More than one subscription of an org has not ended. A person decides which one is to stay.</summary>
    TwoLiveSubscriptions,

    /// <summary>A checkout session that is paid, of which nothing is booked.</summary>
    PaidSessionWithoutGrant,

    /// <summary>A refund or dispute of a payment of ours that we do not have, or in another amount or status.</summary>
    Reversal,

    /// <summary>The org's row says something else than what its subscriptions, as we have them, come to.</summary>
    Standing,

    /// <summary>The org's customer was deleted or bears another org's name, or its subscription is another customer's. A person decides.</summary>
    CustomerMismatch,
}
