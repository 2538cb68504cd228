namespace Stripe;

public sealed class CustomerDeleteOptions : BaseOptions;
