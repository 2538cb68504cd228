using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Billing.Tests.Telemetry;

/// <summary>Listens to the service's instruments while it lives; what other tests do meanwhile is heard too.</summary>
internal sealed class Instruments : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string Labels)> _heard = new();

    public Instruments()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Billing")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Hear(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Hear(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Hear(instrument, value, labels));
        _listener.Start();
    }

    public IReadOnlyList<(string Name, double Value, string Labels)> Heard => [.. _heard];

    /// <summary>Every instrument of the service's meter. Those are static fields, which exist once their type is used.</summary>
    public static IReadOnlyList<Instrument> All()
    {
        const BindingFlags statics = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;
        var found = new List<Instrument>();
        foreach (var type in typeof(BillingApp).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters))
        {
            foreach (var field in type.GetFields(statics).Where(field => typeof(Instrument).IsAssignableFrom(field.FieldType)))
            {
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
                found.Add((Instrument)field.GetValue(null)!);
            }
        }
        return found;
    }

    public void Dispose() => _listener.Dispose();

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var all = labels.ToArray().Select(label => string.Create(CultureInfo.InvariantCulture, $"{label.Key}={label.Value}"));
        _heard.Enqueue((instrument.Name, value, string.Join(' ', all)));
    }
}
