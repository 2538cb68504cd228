using Benchmarks.Load;
using Benchmarks.Results;

namespace Benchmarks.Checkout;

/// <summary>What the host did in one turn.</summary>
/// <param name="Stripe">How Stripe answers.</param>
/// <param name="Concurrency">Buyers at a time.</param>
/// <param name="PerSecond">Checkouts.</param>
/// <param name="Latency">Of a checkout.</param>
/// <param name="StripeCalls">Per checkout.</param>
/// <param name="Host">Milliseconds of the host's processor time per checkout.</param>
/// <param name="Database">Milliseconds per checkout, all processes of the database.</param>
/// <param name="Sandbox">Milliseconds per checkout of the sandbox's processor time.</param>
/// <param name="MostThreads">That the host had.</param>
/// <param name="LongestAnswer">Milliseconds of the slowest <c>/health/live</c> meanwhile.</param>
internal sealed record CheckoutTurn(
    string Stripe, int Concurrency, double PerSecond, Latency Latency, double StripeCalls, double Host, double Database, double Sandbox, int MostThreads,
    double LongestAnswer);

/// <summary>The same over all rounds, medians; the most of threads and the longest of answers.</summary>
internal sealed record CheckoutRow(
    string Stripe, int Concurrency, Spread PerSecond, Latency Latency, double StripeCalls, double Host, double Database, double Sandbox, int MostThreads,
    double LongestAnswer)
{
    public static CheckoutRow Of(IReadOnlyList<CheckoutTurn> turns)
    {
        return new CheckoutRow(
            turns[0].Stripe, turns[0].Concurrency, Spread.Of(turns.Select(turn => turn.PerSecond)),
            new Latency(Median(turn => turn.Latency.P50), Median(turn => turn.Latency.P95), Median(turn => turn.Latency.P99)),
            Median(turn => turn.StripeCalls), Median(turn => turn.Host), Median(turn => turn.Database), Median(turn => turn.Sandbox),
            turns.Max(turn => turn.MostThreads), turns.Max(turn => turn.LongestAnswer));

        double Median(Func<CheckoutTurn, double> value) => Spread.Of(turns.Select(value)).Median;
    }
}
