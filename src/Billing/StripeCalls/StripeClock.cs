using System.Globalization;

namespace Billing.StripeCalls;

/// <summary>This machine's clock against Stripe's, which period ends, deadlines and the order of snapshots rest on.</summary>
internal sealed class StripeClock([FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, TimeProvider clock)
{
    /// <summary>From here on the clock is wrong, whatever networks and machines may explain.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Asks Stripe; costs one call.</summary>
    /// <returns>How far this machine's clock is ahead, at the least; negative: behind. Zero if Stripe does not tell the time.</returns>
    public async Task<TimeSpan> AheadAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow();
        var answer = await new Stripe.PriceService(stripe).ListAsync(new Stripe.PriceListOptions { Limit = 1 }, cancellationToken: cancellationToken);
        // Stripe's second began at some time between question and answer; what lies in between is no fault of the clock.
        return answer.StripeResponse?.Date is { } date ? Distance(before, date, clock.GetUtcNow()) : TimeSpan.Zero;
    }

    /// <summary>How far the clock that showed <paramref name="before"/> and <paramref name="after"/> is ahead of the other one, at the least.</summary>
    public static TimeSpan Distance(DateTimeOffset before, DateTimeOffset other, DateTimeOffset after) =>
        before > other.AddSeconds(1) ? before - other.AddSeconds(1) : after < other ? after - other : TimeSpan.Zero;

    public static string Text(TimeSpan ahead) =>
        string.Create(CultureInfo.InvariantCulture, $"{ahead.Duration().TotalSeconds:0} seconds {(ahead > TimeSpan.Zero ? "ahead of" : "behind")}");
}
