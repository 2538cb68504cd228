namespace Stripe;

public sealed class InvoicePaymentGetOptions : BaseOptions;
