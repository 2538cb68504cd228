namespace Billing.Persistence;

/// <summary>
/// When Stripe last listed an object of ours (a subscription, a customer) to a reconciliation: those that a whole listing did not show are
/// asked for one by one. One row per object, however many runs there are.
/// </summary>
internal sealed class Sighting
{
    public required string Id { get; init; }

    /// <summary>By the database's clock.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}
