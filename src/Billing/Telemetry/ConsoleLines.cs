using System.Globalization;
using System.Text;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Billing.Telemetry;

/// <summary>
/// Log events as lines, many to a write: one write for each costs a busy host more than making the line does, and an
/// output that nobody reads would hold up every request.
/// </summary>
internal sealed class ConsoleLines(ITextFormatter formatter, TextWriter output) : IBatchedLogEventSink
{
    private readonly StringBuilder _text = new();

    /// <summary>A line appears within 50 ms. Beyond 100,000 that wait lines are dropped, so that memory stays bounded.</summary>
    public static BatchingOptions Batches => new()
    {
        BufferingTimeLimit = TimeSpan.FromMilliseconds(50),
        BatchSizeLimit = 100,
        QueueLimit = 100_000,
    };

    public async Task EmitBatchAsync(IReadOnlyCollection<LogEvent> batch)
    {
        using var lines = new StringWriter(_text.Clear(), CultureInfo.InvariantCulture);
        foreach (var line in batch)
        {
            formatter.Format(line, lines);
        }
        await output.WriteAsync(_text);
        await output.FlushAsync();
    }

    public Task OnEmptyBatchAsync() => Task.CompletedTask;
}
