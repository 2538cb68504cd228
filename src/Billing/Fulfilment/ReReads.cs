using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>Asks for a subscription to be read again from Stripe, once for however many reasons come together.</summary>
internal static class ReReads
{
    /// <summary>Marks the row; the worker finds the mark there at once.</summary>
    public static void RequestReRead(this Subscription subscription)
    {
        subscription.ReReadRequests++;
        subscription.ReReadAttempts = 0;
        subscription.ReReadDueAt = DateTimeOffset.UnixEpoch; // due, whatever the database's clock shows
    }
}
