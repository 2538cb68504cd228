namespace Billing.Persistence;

/// <summary>One row of the inbox: an event as received, and what it led to. Its id is what makes a second delivery change nothing.</summary>
internal sealed class StripeEvent
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    /// <summary>Stripe's <c>created</c>, whole seconds.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The body as received: bytes, because jsonb refuses <c>\u0000</c> and lone surrogates. Empty once it is old and done with.</summary>
    public required byte[] Payload { get; init; }

    public string? OrgId { get; set; }

    public EventOutcome Outcome { get; set; }

    /// <summary>Why, where the outcome alone does not say it; for a parked event the error.</summary>
    public string? Detail { get; set; }

    /// <summary>How often applying it failed.</summary>
    public int Attempts { get; set; }

    /// <summary>When a parked event is tried again, by the database's clock.</summary>
    public DateTimeOffset? RetryAt { get; set; }
}

/// <summary>What an event led to.</summary>
internal enum EventOutcome
{
    /// <summary>Its content changed our state.</summary>
    Applied,

    /// <summary>Newer state was there already, or it changes nothing.</summary>
    Older,

    /// <summary>Not ours, or a type that we do not handle.</summary>
    Ignored,

    /// <summary>It does not decide by itself; the subscription is read again from Stripe.</summary>
    ReRead,

    /// <summary>Applying it failed; it is kept and tried again.</summary>
    Parked,
}
