using System.Collections.Concurrent;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace Billing.Tests.World;

/// <summary>
/// What the hosts of a test run log: about requests by request id, and what holds a secret by world. The hosts are told of it by their
/// configuration.
/// </summary>
public static class CapturedLog
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<LogEvent>> Lines = new();

    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Leaks = new();

    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Whole = new();

    /// <summary>For the configuration, which finds it by this name.</summary>
    public static LoggerConfiguration Captured(this LoggerSinkConfiguration sinks, string world)
    {
        ArgumentNullException.ThrowIfNull(sinks);
        return sinks.Sink(new Sink(world));
    }

    /// <summary>Keeps every line of a world's hosts from now on, as it would be written in production.</summary>
    public static IReadOnlyCollection<string> Keep(string world) => Whole.GetOrAdd(world, _ => new());

    /// <summary>The lines of a world that hold what must never be in a log, each once: they are forgotten.</summary>
    public static IReadOnlyCollection<string> TakeLeaks(string world) => Leaks.TryRemove(world, out var leaks) ? leaks : [];

    /// <summary>The lines about the request with this answer.</summary>
    public static IReadOnlyList<LogEvent> Of(ApiAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Lines.TryGetValue(answer.Headers.GetValues("X-Request-Id").Single(), out var lines) ? [.. lines] : [];
    }

    private sealed class Sink(string world) : ILogEventSink
    {
        private readonly JsonFormatter _formatter = new(renderMessage: true);

        public void Emit(LogEvent logEvent)
        {
            using var text = new StringWriter();
            _formatter.Format(logEvent, text);
            if (LogSecrets.Find(text.ToString()) is { } secret)
            {
                Leaks.GetOrAdd(world, _ => new()).Enqueue($"{secret} in: {text}");
            }
            if (Whole.TryGetValue(world, out var kept))
            {
                kept.Enqueue(text.ToString());
            }
            if (logEvent.Properties.GetValueOrDefault("RequestId") is ScalarValue { Value: string id })
            {
                Lines.GetOrAdd(id, _ => new()).Enqueue(logEvent);
            }
        }
    }
}
