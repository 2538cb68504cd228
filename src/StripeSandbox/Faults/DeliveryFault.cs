namespace StripeSandbox.Faults;

/// <summary>What happens to a delivery.</summary>
public enum DeliveryFaultKind
{
    /// <summary>The same event comes twice: at once, or again after <see cref="DeliveryFault.Delay"/>.</summary>
    Duplicate,

    /// <summary>It comes <see cref="DeliveryFault.Delay"/> later.</summary>
    Delay,

    /// <summary>It changes places with the next delivery to its endpoint. If none follows, it comes after <see cref="DeliveryFault.Delay"/>.</summary>
    Reorder,

    /// <summary>It never comes: its state is <c>dropped</c>, and the event keeps counting the endpoint in <c>pending_webhooks</c>.</summary>
    Drop,
}

/// <summary>A fault of deliveries, that is of an event on its way to one endpoint. Those resent by the control API are spared.</summary>
public sealed record DeliveryFault(DeliveryFaultKind Kind) : Fault
{
    /// <summary>Which events: a type, a group such as <c>invoice.*</c>, or <c>*</c>, which is the default.</summary>
    public string Event { get; init; } = "*";

    /// <summary>Only events about this customer or an object of theirs. Default: null, all.</summary>
    public string? Customer { get; init; }

    /// <summary>
    /// How much later, by the sandbox's clock and in whole seconds, so that advancing the clock brings it. Default: null, which is at
    /// once for a duplicate and otherwise a minute; 1 second to 30 days.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    internal TimeSpan EffectiveDelay => Delay ?? (Kind == DeliveryFaultKind.Duplicate ? TimeSpan.Zero : TimeSpan.FromMinutes(1));

    internal bool Fits(string type, string? customer) => (Customer is null || Customer == customer)
        && (Event == "*" || Event == type || (Event.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(Event[..^1], StringComparison.Ordinal)));

    internal override void Validate()
    {
        base.Validate();
        Require(Event.Length > 0, $"{nameof(Event)} must be a type of event, a group such as invoice.*, or *.");
        Require(Delay is null || (Delay >= TimeSpan.FromSeconds(1) && Delay <= TimeSpan.FromDays(30)), $"{nameof(Delay)} must lie between 1 second and 30 days.");
    }
}
