namespace Stripe;

public sealed class ProductGetOptions : BaseOptions;
