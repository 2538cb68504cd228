namespace Stripe;

public sealed class SubscriptionGetOptions : BaseOptions;
