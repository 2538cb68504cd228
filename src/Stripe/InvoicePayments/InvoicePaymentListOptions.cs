namespace Stripe;

public sealed class InvoicePaymentListOptions : ListOptions
{
    public AnyOf<DateTime?, DateRangeOptions>? Created { get; set; }
    public string? Invoice { get; set; }

    /// <summary>Finds the invoice that a payment paid.</summary>
    public InvoicePaymentPaymentOptions? Payment { get; set; }

    public string? Status { get; set; }
}
