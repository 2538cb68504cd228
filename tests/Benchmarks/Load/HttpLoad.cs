using System.Diagnostics;
using System.Net.Sockets;

namespace Benchmarks.Load;

/// <summary>
/// Sends requests over a number of connections, each as soon as the one before was answered. A thread per connection that
/// blocks costs less than asynchronous sockets do, and adds no delay when there is only one.
/// </summary>
internal sealed class HttpLoad(Uri url, IRequests requests, TimeSpan duration)
{
    private const int StackBytes = 256 * 1024;

    private long _end;

    public LoadResult Run(int concurrency)
    {
        var connections = Connect(concurrency);
        try
        {
            var sent = connections.ConvertAll(_ => new Sent());
            var (processor, began) = (TimeSpan.Zero, 0L);
            using var start = new Barrier(concurrency, _ =>
            {
                processor = Environment.CpuUsage.TotalTime;
                began = Stopwatch.GetTimestamp();
                _end = began + (long)(duration.TotalSeconds * Stopwatch.Frequency);
            });
            var threads = connections.Zip(sent, (connection, own) => new Thread(() => Drive(connection, own, start), StackBytes)).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            var elapsed = Stopwatch.GetElapsedTime(began);
            return new LoadResult(
                sent.Sum(own => own.Times.Count), elapsed, Latency.Of(sent.SelectMany(own => own.Times)),
                sent.Sum(own => own.Errors.Count), [.. sent.SelectMany(own => own.Errors).Distinct()], Environment.CpuUsage.TotalTime - processor);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private List<HttpConnection> Connect(int concurrency)
    {
        try
        {
            return [.. Enumerable.Range(0, concurrency).Select(_ => new HttpConnection(url))];
        }
        catch (SocketException refused)
        {
            throw new BenchmarkException($"{url} takes no connections: {refused.Message}");
        }
    }

    private void Drive(HttpConnection connection, Sent own, Barrier start)
    {
        var cursor = requests.Open(url);
        start.SignalAndWait();
        var now = Stopwatch.GetTimestamp();
        while (now < _end && cursor.Next() is { } request)
        {
            try
            {
                var status = connection.Exchange(request);
                if (status == 200)
                {
                    cursor.Accept();
                }
                else
                {
                    own.Errors.Add($"HTTP {status}");
                }
            }
            catch (SocketException broken)
            {
                own.Errors.Add(broken.Message);
                return;
            }
            var answered = Stopwatch.GetTimestamp();
            own.Times.Add(answered - now);
            now = answered;
        }
    }

    /// <summary>What one connection did.</summary>
    private sealed class Sent
    {
        public List<long> Times { get; } = new(4096);

        public List<string> Errors { get; } = [];
    }
}

/// <param name="Events">Requests that were answered.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Latency">Of an answer.</param>
/// <param name="Errors">Answers other than 200 and broken connections.</param>
/// <param name="ErrorKinds">What they were.</param>
/// <param name="Processor">Processor time of the generator itself.</param>
internal sealed record LoadResult(
    int Events, TimeSpan Elapsed, Latency Latency, int Errors, IReadOnlyList<string> ErrorKinds, TimeSpan Processor)
{
    public double EventsPerSecond => Events / Elapsed.TotalSeconds;
}
