namespace Stripe;

public sealed class InvoiceLineItemParentSubscriptionItemDetails
{
    public bool Proration { get; set; }
    public string? Subscription { get; set; }
    public string SubscriptionItem { get; set; } = "";
}
