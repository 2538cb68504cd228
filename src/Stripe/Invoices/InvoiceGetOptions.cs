namespace Stripe;

public sealed class InvoiceGetOptions : BaseOptions;
