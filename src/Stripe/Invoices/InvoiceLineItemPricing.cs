namespace Stripe;

public sealed class InvoiceLineItemPricing
{
    public InvoiceLineItemPricingPriceDetails? PriceDetails { get; set; }
}
