namespace Stripe;

/// <summary>One price of a subscription (<c>si_</c>), with its own billing period.</summary>
public sealed class SubscriptionItem : StripeEntity<SubscriptionItem>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "subscription_item";
    public DateTime CurrentPeriodEnd { get; set; }
    public DateTime CurrentPeriodStart { get; set; }
    public Dictionary<string, string> Metadata { get; set; } = [];
    public Price Price { get; set; } = new();

    /// <summary>Zero for a metered price, which has none.</summary>
    public long Quantity { get; set; }
}
