namespace Stripe;

public sealed class DisputeGetOptions : BaseOptions;
