namespace Stripe;

public sealed class PriceGetOptions : BaseOptions;
