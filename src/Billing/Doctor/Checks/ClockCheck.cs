using System.Globalization;
using Billing.StripeCalls;

namespace Billing.Doctor.Checks;

/// <summary>This machine's clock against Stripe's: webhooks are refused from 300 seconds on (FACTS C.2), and order rests on <c>Date</c>.</summary>
internal sealed class ClockCheck([FromKeyedServices(StripeClients.Background)] Stripe.IStripeClient stripe, TimeProvider clock) : ICheck
{
    /// <summary>What networks and second-long ticks explain, and a little more.</summary>
    public static readonly TimeSpan Drift = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public Source Source => Source.Stripe;

    public string Subject => "the time";

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow();
        var answer = await new Stripe.PriceService(stripe).ListAsync(new Stripe.PriceListOptions { Limit = 1 }, cancellationToken: cancellationToken);
        if (answer.StripeResponse?.Date is not { } date)
        {
            return [];
        }
        // Stripe's second began at some time between question and answer; what lies in between is no fault of the clock.
        var ahead = Distance(before, date, clock.GetUtcNow());
        var wrong = $"This machine's clock is {Text(ahead)} Stripe's.";
        return ahead.Duration() > Skew ? [FindingKinds.ClockSkew.Found(wrong)] : ahead.Duration() > Drift ? [FindingKinds.ClockDrift.Found(wrong)] : [];
    }

    /// <summary>How far the clock that showed <paramref name="before"/> and <paramref name="after"/> is ahead of the other one, at the least.</summary>
    public static TimeSpan Distance(DateTimeOffset before, DateTimeOffset other, DateTimeOffset after) =>
        before > other.AddSeconds(1) ? before - other.AddSeconds(1) : after < other ? after - other : TimeSpan.Zero;

    public static string Text(TimeSpan ahead) =>
        string.Create(CultureInfo.InvariantCulture, $"{ahead.Duration().TotalSeconds:0} seconds {(ahead > TimeSpan.Zero ? "ahead of" : "behind")}");
}
