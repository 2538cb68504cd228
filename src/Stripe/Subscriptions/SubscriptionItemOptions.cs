namespace Stripe;

public sealed class SubscriptionItemOptions : INestedOptions
{
    public bool? Deleted { get; set; }

    /// <summary>The item to change; without it Stripe adds a second item.</summary>
    public string? Id { get; set; }

    public string? Price { get; set; }
    public long? Quantity { get; set; }
}
