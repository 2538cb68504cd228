namespace Stripe;

/// <summary>
/// The symbolic alternative to a time in <see cref="SubscriptionUpdateOptions.CancelAt"/>. It has no values here: a time is
/// all that we send.
/// </summary>
public sealed class SubscriptionCancelAt
{
    private SubscriptionCancelAt()
    {
    }
}
