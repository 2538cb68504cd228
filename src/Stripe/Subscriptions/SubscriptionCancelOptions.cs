namespace Stripe;

public sealed class SubscriptionCancelOptions : BaseOptions
{
    public bool? InvoiceNow { get; set; }
    public bool? Prorate { get; set; }
}
