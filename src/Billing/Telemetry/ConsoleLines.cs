using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting;

namespace Billing.Telemetry;

/// <summary>
/// Log events as lines, many to a write: one write for each costs a busy host more than making the line does, and an output that nobody reads
/// would hold up every request. Serilog's own batches look at every event as it comes, on a thread that is woken for it, and every 50 ms when none
/// comes; this wakes for the first and then waits for more.
/// </summary>
internal sealed class ConsoleLines : ILogEventSink, IDisposable
{
    /// <summary>A line appears so much later at most.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a host that stops waits for an output that takes nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Beyond these, lines are dropped, so that memory stays bounded.</summary>
    private const int MaxWaiting = 100_000;

    private const int MaxAtOnce = 100;

    private readonly Channel<LogEvent> _waiting = Channel.CreateBounded<LogEvent>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _ending = new();
    private readonly StringBuilder _text = new();
    private readonly ITextFormatter _formatter;
    private readonly TextWriter _output;
    private readonly Task _writing;

    public ConsoleLines(ITextFormatter formatter, TextWriter output)
    {
        (_formatter, _output) = (formatter, output);
        _writing = Task.Run(WriteAllAsync);
    }

    public void Emit(LogEvent logEvent)
    {
        if (!_waiting.Writer.TryWrite(logEvent))
        {
            SelfLog.WriteLine("A line is dropped: the output takes no more, or the host has ended.");
        }
    }

    /// <summary>Writes what is waiting.</summary>
    public void Dispose()
    {
        if (_waiting.Writer.TryComplete())
        {
            _ending.Cancel();
            _writing.Wait(Patience);
        }
    }

    private async Task WriteAllAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            await Task.Delay(Delay, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_waiting.Reader.TryPeek(out _))
            {
                await WriteAsync();
            }
        }
    }

    private void Format(LogEvent line, StringWriter lines)
    {
        var before = _text.Length;
        try
        {
            _formatter.Format(line, lines);
        }
        catch (Exception unwritable)
        {
            _text.Length = before;
            SelfLog.WriteLine("A line is lost: {0}", unwritable);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            using var lines = new StringWriter(_text.Clear(), CultureInfo.InvariantCulture);
            for (var taken = 0; taken < MaxAtOnce && _waiting.Reader.TryRead(out var line); taken++)
            {
                Format(line, lines);
            }
            await _output.WriteAsync(_text);
            await _output.FlushAsync();
        }
        catch (Exception unwritable)
        {
            SelfLog.WriteLine("Lines are lost: {0}", unwritable);
        }
    }
}
