namespace Stripe;

/// <summary>What an invoice was made for.</summary>
public sealed class InvoiceParent
{
    public InvoiceParentSubscriptionDetails? SubscriptionDetails { get; set; }

    /// <summary><c>subscription_details</c> or <c>quote_details</c>.</summary>
    public string Type { get; set; } = "";
}
