namespace Stripe;

public sealed class InvoiceLineItemParent
{
    public InvoiceLineItemParentSubscriptionItemDetails? SubscriptionItemDetails { get; set; }

    /// <summary><c>subscription_item_details</c> or <c>invoice_item_details</c>; prorations may be either.</summary>
    public string Type { get; set; } = "";
}
