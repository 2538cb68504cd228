namespace Stripe;

public sealed class InvoiceLineItemPeriod
{
    /// <summary>Exclusive: the next period starts here.</summary>
    public DateTime End { get; set; }

    public DateTime Start { get; set; }
}
