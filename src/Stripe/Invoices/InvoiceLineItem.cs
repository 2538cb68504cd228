namespace Stripe;

/// <summary>One line of an invoice.</summary>
public sealed class InvoiceLineItem
{
    /// <summary>Minor units; negative for a credit.</summary>
    public long Amount { get; set; }

    public InvoiceLineItemParent? Parent { get; set; }

    /// <summary>The service period that the line pays for.</summary>
    public InvoiceLineItemPeriod Period { get; set; } = new();

    public InvoiceLineItemPricing? Pricing { get; set; }
}
