namespace Stripe.BillingPortal;

public sealed class SessionFlowDataSubscriptionUpdateConfirmItemOptions : INestedOptions
{
    public string? Id { get; set; }

    /// <summary>Must be among the products of the configuration.</summary>
    public string? Price { get; set; }

    public long? Quantity { get; set; }
}
