using Benchmarks.Machine;
using Benchmarks.Results;

namespace Benchmarks.Start;

/// <summary>From starting the program to its first 200: the host on a database that is migrated, and a web server that does nothing, in turns.</summary>
internal static class StartBenchmark
{
    private const int Starts = 7;

    /// <exception cref="BenchmarkException">Something that it needs is missing or failed.</exception>
    public static async Task<IReport> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using var cluster = await Cluster.StartAsync(cancellationToken);
        await using var stripe = await StripeStandIn.StartAsync(cancellationToken);
        var settings = HostSettings.Create(cluster.ConnectionString, stripe.Url);
        await ServedProgram.RunAsync(options.Program, ["migrate"], settings, cancellationToken);
        var (host, bare) = (new List<double>(), new List<double>());
        for (var start = 0; start <= Starts; start++)
        {
            var ours = await ServedProgram.TimeStartAsync(options.Program, ["serve"], settings, "/health/ready", cancellationToken);
            var theirs = await ServedProgram.TimeStartAsync(
                typeof(StartBenchmark).Assembly.Location, ["bare-endpoint"], new Dictionary<string, string>(), "/", cancellationToken);
            Console.WriteLine($"start {start}: host {ours.TotalMilliseconds:0} ms, bare web server {theirs.TotalMilliseconds:0} ms");
            if (start > 0) // the first ones read their files from the disk
            {
                host.Add(ours.TotalMilliseconds);
                bare.Add(theirs.TotalMilliseconds);
            }
        }
        return new StartReport(Spread.Of(host), Spread.Of(bare));
    }
}

/// <param name="Host">Milliseconds to <c>/health/ready</c> being 200.</param>
/// <param name="Bare">Milliseconds of the bare web server to its first answer.</param>
internal sealed record StartReport(Spread Host, Spread Bare) : IReport
{
    private const double MostMilliseconds = 700;
    private const double MostTimesBare = 2.5;

    public string Name => "start";

    public IReadOnlyList<string> Problems => [];

    public IEnumerable<string> Lines()
    {
        yield return $"Start to first 200, ms: host {Text(Host)}, bare web server {Text(Bare)}.";
        var most = Math.Max(MostMilliseconds, MostTimesBare * Bare.Median);
        yield return $"Under {most:0} ms, which is {MostMilliseconds:0} or {MostTimesBare:0.0} times the bare web server: {(Host.Median < most ? "met" : "NOT MET")}.";
    }

    private static string Text(Spread times) => $"{times.Median:0} ({times.Least:0}-{times.Most:0})";
}
