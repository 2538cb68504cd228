namespace Stripe;

public sealed class RefundGetOptions : BaseOptions;
