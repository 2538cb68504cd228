using System.Collections.Concurrent;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace Billing.Tests.World;

/// <summary>What the hosts of a test run log about requests, by request id. The hosts are told of it by their configuration.</summary>
public static class CapturedLog
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<LogEvent>> Lines = new();

    /// <summary>For the configuration, which finds it by this name.</summary>
    public static LoggerConfiguration Captured(this LoggerSinkConfiguration sinks)
    {
        ArgumentNullException.ThrowIfNull(sinks);
        return sinks.Sink(new Sink());
    }

    /// <summary>The lines about the request with this answer.</summary>
    public static IReadOnlyList<LogEvent> Of(ApiAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Lines.TryGetValue(answer.Headers.GetValues("X-Request-Id").Single(), out var lines) ? [.. lines] : [];
    }

    private sealed class Sink : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            if (logEvent.Properties.GetValueOrDefault("RequestId") is ScalarValue { Value: string id })
            {
                Lines.GetOrAdd(id, _ => new()).Enqueue(logEvent);
            }
        }
    }
}
