using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>A subscription as Stripe's API answered it, and what is known about when that was.</summary>
/// <param name="Found">The subscription.</param>
/// <param name="AnsweredAt">The second, by Stripe's <c>Date</c>, in which Stripe answered.</param>
/// <param name="CompleteUpTo">Everything that Stripe did up to and including this second is in the answer for certain.</param>
/// <param name="Requests">The row's count of requests when the read was begun.</param>
internal sealed record StripeRead(Stripe.Subscription Found, DateTimeOffset AnsweredAt, DateTimeOffset CompleteUpTo, long Requests)
{
    /// <summary>Times the answer: sent at most <paramref name="took"/> before the second in which Stripe dated it.</summary>
    public static StripeRead Of(Stripe.Subscription found, DateTimeOffset date, TimeSpan took, long requests) =>
        new(found, Second(date), Second(Second(date) - took) - TimeSpan.FromSeconds(1), requests);

    /// <summary>Applies the answer to the row, unless an event has told newer things since.</summary>
    public ReadOutcome ApplyTo(Subscription row, Snapshots snapshots)
    {
        row.ReReadClaimedUntil = null;
        row.ReReadAttempts = 0;
        if (SubscriptionStatus.IsFinal(row.Status))
        {
            row.ReReadDueAt = null;
            return ReadOutcome.Ended;
        }
        if (row.StateAt > CompleteUpTo && !SubscriptionStatus.IsFinal(Found.Status))
        {
            return ReadOutcome.TooEarly;
        }
        if (row.ReReadRequests == Requests)
        {
            row.ReReadDueAt = null;
        }
        snapshots.Copy(Found, row);
        row.ReadAt = AnsweredAt;
        return ReadOutcome.Applied;
    }

    private static DateTimeOffset Second(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}

internal enum ReadOutcome
{
    /// <summary>The row shows what Stripe answered.</summary>
    Applied,

    /// <summary>An event of about the same second was applied: which is newer cannot be told. Read again a second later.</summary>
    TooEarly,

    /// <summary>The subscription had ended for good.</summary>
    Ended,
}
