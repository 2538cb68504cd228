using System.Diagnostics.Metrics;
using Billing.Telemetry;

namespace Billing.Background;

/// <summary>Figures of the queues of re-reads. What is about a queue as a whole every host tells: take the greatest, not the sum.</summary>
internal static class ReReadMetrics
{
    private static readonly Meter Meter = new(Otlp.Name);

    private static readonly Counter<long> Reads = Meter.CreateCounter<long>(
        "billing.rereads", "{read}", "Re-reads from Stripe by queue and outcome; parked is an alarm.");

    private static readonly Gauge<long> Parked = Meter.CreateGauge<long>(
        "billing.rereads.parked", "{object}", "Objects that could not be read from Stripe for hours, by queue; any is an alarm.");

    private static readonly Gauge<double> OldestDue = Meter.CreateGauge<double>(
        "billing.rereads.oldest_due", "s", "How long the longest waiting re-read is due, by queue, parked ones aside.");

    public static void Count(string queue, string outcome) =>
        Reads.Add(1, new KeyValuePair<string, object?>("queue", queue), new KeyValuePair<string, object?>("outcome", outcome));

    public static void Record(string queue, QueueState state)
    {
        var name = new KeyValuePair<string, object?>("queue", queue);
        Parked.Record(state.Parked, name);
        OldestDue.Record(Math.Max(0, state.OldestDue.TotalSeconds), name);
    }
}
