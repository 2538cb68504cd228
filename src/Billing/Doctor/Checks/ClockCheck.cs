using Billing.StripeCalls;

namespace Billing.Doctor.Checks;

/// <summary>This machine's clock against Stripe's: webhooks are refused from 300 seconds on (FACTS C.2), and order rests on <c>Date</c>.</summary>
internal sealed class ClockCheck(StripeClock clock) : ICheck
{
    /// <summary>What networks and second-long ticks explain, and a little more.</summary>
    public static readonly TimeSpan Drift = TimeSpan.FromSeconds(5);

    public Source Source => Source.Stripe;

    public string Subject => "the time";

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        var ahead = await clock.AheadAsync(cancellationToken);
        var wrong = $"This machine's clock is {StripeClock.Text(ahead)} Stripe's.";
        return ahead.Duration() > StripeClock.Skew ? [FindingKinds.ClockSkew.Found(wrong)]
            : ahead.Duration() > Drift ? [FindingKinds.ClockDrift.Found(wrong)] : [];
    }
}
