namespace Stripe;

public sealed class ChargeGetOptions : BaseOptions;
