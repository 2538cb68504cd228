using Billing.Background;
using Billing.Persistence;

namespace Billing.Fulfilment;

/// <summary>A subscription as Stripe's API answered it, and what is known about when that was.</summary>
/// <param name="Found">The subscription.</param>
/// <param name="AnsweredAt">The second, by Stripe's <c>Date</c>, in which Stripe answered.</param>
/// <param name="CompleteUpTo">Everything that Stripe did up to and including this second is in the answer for certain.</param>
/// <param name="Claim">The worker's claim that it was read under; null for a read of somebody else's, such as an activation.</param>
internal sealed record StripeRead(Stripe.Subscription Found, DateTimeOffset AnsweredAt, DateTimeOffset CompleteUpTo, ReadClaim? Claim)
{
    /// <summary>Times the answer: sent at most <paramref name="took"/> before the second in which Stripe dated it.</summary>
    public static StripeRead Of(Stripe.Subscription found, DateTimeOffset date, TimeSpan took, ReadClaim? claim) =>
        new(found, Second(date), Second(Second(date) - took) - TimeSpan.FromSeconds(1), claim);

    /// <summary>Applies the answer to the org's row of the subscription, unless an event or another read has told newer things since.</summary>
    public ReadOutcome ApplyTo(OrgState state, Snapshots snapshots)
    {
        var row = state.FindOrAdd(Found.Id, out _);
        if (Claim is not null)
        {
            if (row.ReReadClaimedUntil != Claim.Until)
            {
                return ReadOutcome.Superseded;
            }
            row.ReReadClaimedUntil = null;
            row.ReReadAttempts = 0;
        }
        if (SubscriptionStatus.IsFinal(row.Status))
        {
            Fulfil(row);
            return ReadOutcome.Ended;
        }
        if ((row.StateAt > CompleteUpTo || row.ReadAt > AnsweredAt) && !SubscriptionStatus.IsFinal(Found.Status))
        {
            return ReadOutcome.TooEarly;
        }
        Fulfil(row);
        snapshots.Copy(state, Found, row, AnsweredAt);
        row.ReadAt = AnsweredAt;
        TakeInInvoice(row);
        return ReadOutcome.Applied;
    }

    /// <summary>The read was what was asked for, unless another one was asked for since.</summary>
    private void Fulfil(Subscription row)
    {
        if (row.ReReadRequests == Claim?.Requests)
        {
            row.ReReadDueAt = null;
        }
    }

    /// <summary>The price of the read is the row's by now. If the invoice is for another one, another read finds its plan (<see cref="PaidPrices"/>).</summary>
    private void TakeInInvoice(Subscription row)
    {
        if (Found.LatestInvoice is { Status: "paid" } invoice)
        {
            PaidPeriods.Apply(invoice, row);
        }
    }

    private static DateTimeOffset Second(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}
