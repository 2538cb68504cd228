namespace Stripe;

/// <summary>Present on a subscription whose collection is paused; its presence is all that we read.</summary>
public sealed class SubscriptionPauseCollection;
