namespace Benchmarks.Load;

/// <summary>
/// What happens to every subscription of the benchmark: event by event, each a second after the one before, the end of its period moves on
/// and cancelling at that end is turned on or off. So the number of an event says all that it says, and what must be stored after it.
/// </summary>
internal sealed class EventCourse
{
    public const int Subscriptions = 10_000;

    /// <summary>The configured price of plan pro, so that the host needs no call to Stripe.</summary>
    public const string PriceId = "price_bench_pro_monthly";

    private readonly long _start = DateTimeOffset.UtcNow.AddHours(-3).ToUnixTimeSeconds();

    public long PeriodStart => _start - (10 * 86_400);

    /// <summary>Unix seconds. Number 0 is the state before the first event.</summary>
    public long CreatedAt(int number) => _start + number;

    public long PeriodEnd(int number) => _start + (20 * 86_400) + (number * 60L);

    public static bool IsCancelling(int number) => number % 2 == 1;
}
