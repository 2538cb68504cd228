using System.Text;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Billing.Telemetry;

/// <summary>
/// Log events as lines on standard output, many to a write: a write for each costs a busy host a twentieth of its time, and one that
/// nobody reads would hold up every request.
/// </summary>
internal sealed class ConsoleLines(ITextFormatter formatter) : IBatchedLogEventSink, IDisposable
{
    private const int BufferedCharacters = 32 * 1024;

    private readonly StreamWriter _output = new(Console.OpenStandardOutput(), new UTF8Encoding(false), BufferedCharacters);

    /// <summary>A line appears within 50 ms. Beyond 100,000 that wait lines are dropped, so that memory stays bounded.</summary>
    public static BatchingOptions Batches => new()
    {
        BufferingTimeLimit = TimeSpan.FromMilliseconds(50),
        BatchSizeLimit = 1000,
        QueueLimit = 100_000,
    };

    public async Task EmitBatchAsync(IReadOnlyCollection<LogEvent> batch)
    {
        foreach (var line in batch)
        {
            formatter.Format(line, _output);
        }
        await _output.FlushAsync();
    }

    public Task OnEmptyBatchAsync() => Task.CompletedTask;

    public void Dispose() => _output.Dispose();
}
