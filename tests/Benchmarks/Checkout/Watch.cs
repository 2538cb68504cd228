using System.Diagnostics;
using Benchmarks.Machine;

namespace Benchmarks.Checkout;

/// <summary>Looks at the host from outside while it is under load: its threads, and how long a call takes that needs nothing but one of them.</summary>
internal sealed class Watch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly ServedProgram _host;
    private readonly HttpClient _http;
    private readonly Task _looking;

    public Watch(ServedProgram host, HttpClient http)
    {
        (_host, _http) = (host, http);
        _looking = Task.Run(LookAsync);
    }

    public int MostThreads { get; private set; }

    public TimeSpan LongestAnswer { get; private set; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _looking;
    }

    public void Dispose() => _stop.Dispose();

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var asked = Stopwatch.GetTimestamp();
            using var answer = await _http.GetAsync(new Uri("/health/live", UriKind.Relative), CancellationToken.None);
            var took = Stopwatch.GetElapsedTime(asked);
            LongestAnswer = took > LongestAnswer ? took : LongestAnswer;
            MostThreads = Math.Max(MostThreads, _host.Threads);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
