namespace Stripe;

public sealed class CustomerGetOptions : BaseOptions;
