using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>Asks for a subscription to be read again from Stripe, once for however many reasons come together.</summary>
internal static class ReReads
{
    /// <param name="subscription">Its row; the worker finds the mark there.</param>
    /// <param name="at">When, by the database's clock; any time that has passed means at once.</param>
    public static void Request(this Subscription subscription, DateTimeOffset at)
    {
        subscription.ReReadRequests++;
        subscription.ReReadAttempts = 0;
        if (subscription.ReReadDueAt is null || subscription.ReReadDueAt > at)
        {
            subscription.ReReadDueAt = at;
        }
    }

    /// <summary>Means "at once" whatever the database's clock shows.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
}
