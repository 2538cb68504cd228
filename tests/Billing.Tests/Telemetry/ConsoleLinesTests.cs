using Billing.Telemetry;
using Billing.Tests.World;
using Serilog.Events;
using Serilog.Formatting.Display;
using Serilog.Parsing;

namespace Billing.Tests.Telemetry;

/// <summary>Log lines leave in order and together, and whatever the output does costs no request anything.</summary>
public sealed class ConsoleLinesTests
{
    [Fact]
    public void Lines_AreAllThere_InOrder_OnceItIsDisposed_InFewWrites()
    {
        using var output = new Output();
        using (var lines = New(output))
        {
            for (var i = 0; i < 5000; i++)
            {
                lines.Emit(Line($"{i}"));
            }
        }
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"{i}"), output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.InRange(output.Writes, 1, 500);
    }

    [Fact]
    public async Task Line_ThatComesAlone_AppearsWithoutAnother()
    {
        using var output = new Output();
        using var lines = New(output);
        foreach (var text in new[] { "first", "second" })
        {
            lines.Emit(Line(text));
            await Eventually.Async(() => Task.FromResult(output.Text), written => written.Contains(text), $"the {text} line is there");
        }
    }

    [Fact]
    public async Task Output_ThatFails_LosesThatWrite_AndGoesOn()
    {
        using var output = new Output { Fails = true };
        using var lines = New(output);
        lines.Emit(Line("lost"));
        await Eventually.Async(() => Task.FromResult(output.Writes), writes => writes > 0, "the write was tried");
        output.Fails = false;
        lines.Emit(Line("kept"));
        await Eventually.Async(() => Task.FromResult(output.Text), written => written.Contains("kept"), "the next one is there");
        Assert.DoesNotContain("lost", output.Text);
    }

    [Fact]
    public async Task Output_ThatTakesNothing_HoldsUpNobody_AndWhatIsTooMuchIsDropped()
    {
        var free = new TaskCompletionSource();
        using var output = new Output { Until = free.Task };
        var lines = New(output);
        lines.Emit(Line("0"));
        await Eventually.Async(() => Task.FromResult(output.Writes), writes => writes > 0, "the output is stuck");

        for (var i = 1; i <= 100_001; i++)
        {
            lines.Emit(Line($"{i}"));
        }
        free.SetResult();
        lines.Dispose();

        Assert.Contains("\n100000\n", output.Text);
        Assert.DoesNotContain("100001", output.Text);
    }

    private static ConsoleLines New(TextWriter output) => new(new MessageTemplateTextFormatter("{Message}\n"), output);

    private static LogEvent Line(string text) =>
        new(DateTimeOffset.UnixEpoch, LogEventLevel.Information, exception: null, new MessageTemplateParser().Parse(text), []);

    private sealed class Output : StringWriter
    {
        private int _writes;

        public bool Fails { get; set; }

        public Task Until { get; init; } = Task.CompletedTask;

        public int Writes => Volatile.Read(ref _writes);

        public string Text
        {
            get
            {
                lock (this)
                {
                    return ToString();
                }
            }
        }

        public override async Task WriteAsync(System.Text.StringBuilder? value, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _writes);
            await Until;
            if (Fails)
            {
                throw new IOException("The output is gone.");
            }
            lock (this)
            {
                Write(value);
            }
        }
    }
}
