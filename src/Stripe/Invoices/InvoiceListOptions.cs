namespace Stripe;

public sealed class InvoiceListOptions : ListOptions
{
    public AnyOf<DateTime?, DateRangeOptions>? Created { get; set; }
    public string? Customer { get; set; }
    public string? Status { get; set; }
    public string? Subscription { get; set; }
}
