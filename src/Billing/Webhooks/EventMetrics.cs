using System.Diagnostics.Metrics;
using Billing.Telemetry;

namespace Billing.Webhooks;

/// <summary>Figures of the intake and the inbox. Types that we do not handle count together, so that no sender makes new series.</summary>
internal static class EventMetrics
{
    private static readonly Meter Meter = new(Otlp.Name);

    private static readonly Counter<long> Received = Meter.CreateCounter<long>(
        "billing.events", "{event}", "Deliveries by the event's type and what became of them; parked and failed want a look.");

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "billing.events.refused", "{event}", "Deliveries that were not taken as genuine events of ours, by reason.");

    private static readonly Histogram<int> Batch = Meter.CreateHistogram(
        "billing.intake.batch", "{event}", "Events that one transaction of the intake stored.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });

    private static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>(
        "billing.intake.waiting", "{event}", "Deliveries that a host holds and has not answered yet.");

    private static readonly Gauge<long> Parked = Meter.CreateGauge<long>(
        "billing.inbox.parked", "{event}", "Events that could not be applied yet.");

    private static readonly Gauge<double> OldestParked = Meter.CreateGauge<double>(
        "billing.inbox.oldest_parked", "s", "How long ago the oldest parked event was received; 0 without one.");

    /// <summary>Whether anybody listens to what costs a look into the database.</summary>
    public static bool WantsInbox => Parked.Enabled || OldestParked.Enabled;

    /// <param name="type">As Stripe names it.</param>
    /// <param name="outcome">A word of ours.</param>
    public static void Count(string type, string outcome)
    {
        if (Received.Enabled)
        {
            Received.Add(
                1,
                new KeyValuePair<string, object?>("type", EventHandlers.IsHandled(type) ? type : "other"),
                new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    public static void CountRefused(string reason) => Refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public static void RecordBatch(int events) => Batch.Record(events);

    public static void Wait(int deliveries) => Waiting.Add(deliveries);

    public static void Record(InboxState state)
    {
        Parked.Record(state.Parked);
        OldestParked.Record(Math.Max(0, state.OldestParked.TotalSeconds));
    }
}
