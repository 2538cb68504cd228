using System.Runtime.InteropServices;
using System.Text;
using Benchmarks.Load;
using Benchmarks.Machine;
using Benchmarks.Results;
using Benchmarks.Yardstick;

namespace Benchmarks;

/// <summary>Host and pgbench in turns on one server, at every concurrency, round after round.</summary>
internal sealed class WebhookBenchmark(
    BenchmarkOptions options, Cluster cluster, ServedProgram host, ServedProgram bare, EventCourse course, EventSource source)
{
    private const string Path = "/v1/billing/webhook";

    private readonly AcceptedEvents _accepted = new();
    private readonly PgbenchRun _pgbench = new(cluster, "event.sql", $"payload={Encoding.ASCII.GetString(source.Example())}");
    private readonly List<Turn> _turns = [];
    private readonly List<string> _problems = [];
    private double _fastest = 2_000;

    /// <exception cref="BenchmarkException">Something that it needs is missing or failed.</exception>
    public static async Task<WebhookReport> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var course = new EventCourse();
        await using var cluster = await Cluster.StartAsync(cancellationToken);
        await using var stripe = await StripeStandIn.StartAsync(cancellationToken);
        var settings = HostSettings.Create(cluster.ConnectionString, stripe.Url);
        await ServedProgram.RunAsync(options.Program, ["migrate"], settings, cancellationToken);
        await PrimedData.CreateAsync(cluster, course, cancellationToken);
        await cluster.CopyForYardstickAsync(cancellationToken);

        await using var host = await ServedProgram.StartAsync(options.Program, ["serve", "--urls", "http://127.0.0.1:0"], settings, cancellationToken);
        await using var bare = await ServedProgram.StartAsync(
            typeof(WebhookBenchmark).Assembly.Location, ["bare-intake"],
            new Dictionary<string, string> { [BareIntake.Database] = cluster.YardstickConnectionString }, cancellationToken);
        var benchmark = new WebhookBenchmark(options, cluster, host, bare, course, new EventSource(course, HostSettings.WebhookSecret));
        return await benchmark.RunAsync(stripe, cancellationToken);
    }

    private async Task<WebhookReport> RunAsync(StripeStandIn stripe, CancellationToken cancellationToken)
    {
        var ceilings = await MeasureCeilingsAsync(cancellationToken);
        await WarmUpAsync(cancellationToken);
        for (var round = 1; round <= options.Rounds; round++)
        {
            await cluster.EmptyInboxesAsync(cancellationToken);
            _accepted.ForgetCount();
            foreach (var concurrency in options.Concurrencies)
            {
                // Who goes first changes, in case that is an advantage.
                if (round % 2 == 0)
                {
                    await TakePgbenchTurnAsync(round, concurrency, cancellationToken);
                }
                await TakeHostTurnAsync(round, concurrency, options.Turn, cancellationToken);
                if (round % 2 == 1)
                {
                    await TakePgbenchTurnAsync(round, concurrency, cancellationToken);
                }
                if (concurrency == 1)
                {
                    await TakeBareTurnAsync(round, options.Turn, cancellationToken);
                }
            }
        }
        if (stripe.Calls > 0)
        {
            _problems.Add($"Stripe was called {stripe.Calls} times");
        }
        if (_problems.Count > 0)
        {
            Console.WriteLine($"The end of the host's log:\n{host.LogTail}");
        }
        var setting = new Setting(
            DateTimeOffset.UtcNow, Environment.ProcessorCount, RuntimeInformation.FrameworkDescription, cluster.Version, cluster.IsInMemory,
            source.Example().Length, options.Turn.TotalSeconds, options.Rounds);
        var comparisons = options.Concurrencies.Zip(ceilings, (concurrency, ceiling) => Comparison.Of(concurrency, ceiling, _turns)).ToList();
        return new WebhookReport(setting, comparisons, stripe.Calls, _problems, _turns);
    }

    private async Task<List<Ceiling>> MeasureCeilingsAsync(CancellationToken cancellationToken)
    {
        await using var empty = await ServedProgram.StartAsync(
            typeof(WebhookBenchmark).Assembly.Location, ["bare-endpoint"], new Dictionary<string, string>(), cancellationToken);
        Drive(64, TimeSpan.FromSeconds(3)); // the first requests wait for the compiler
        return [.. options.Concurrencies.Select(concurrency => Drive(concurrency, TimeSpan.FromSeconds(2)))];

        Ceiling Drive(int concurrency, TimeSpan duration)
        {
            var start = empty.ProcessorTime;
            var load = new HttpLoad(empty.Url, source.Plan(30_000), duration).Run(concurrency);
            return new Ceiling(load.EventsPerSecond, (empty.ProcessorTime - start).TotalMilliseconds / load.Events);
        }
    }

    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        // Nearly every page has been written since the last checkpoint by then, too.
        await WarmUp.RunAsync(host, async () =>
        {
            await TakeHostTurnAsync(round: 0, options.Concurrencies[^1], TimeSpan.FromSeconds(2), cancellationToken);
            await TakeHostTurnAsync(round: 0, options.Concurrencies[0], TimeSpan.FromSeconds(2), cancellationToken);
        });
        await WarmUp.RunAsync(bare, () => TakeBareTurnAsync(round: 0, TimeSpan.FromSeconds(2), cancellationToken));
        await _pgbench.RunAsync(64, TimeSpan.FromSeconds(2), () => Task.CompletedTask, cancellationToken);
        _turns.Clear();
    }

    private async Task TakeHostTurnAsync(int round, int concurrency, TimeSpan duration, CancellationToken cancellationToken)
    {
        var plan = source.Plan((int)(_fastest * 2 * duration.TotalSeconds));
        var start = await Meter.ReadAsync(cluster, host, cancellationToken);
        var load = new HttpLoad(new Uri(host.Url, Path), plan, duration).Run(concurrency);
        var used = (await Meter.ReadAsync(cluster, host, cancellationToken)).Since(start);

        if (load.Events == 0)
        {
            throw new BenchmarkException($"The host answered nothing ({string.Join(", ", load.ErrorKinds)}). Its log:\n{host.LogTail}");
        }
        plan.CopyAcceptedTo(_accepted);
        _fastest = Math.Max(_fastest, load.EventsPerSecond);
        var problems = await new Verification(cluster, course, _accepted).FindProblemsAsync(cancellationToken);
        _problems.AddRange(problems.Select(problem => $"Round {round}, concurrency {concurrency}: {problem}."));
        if (load.Errors > 0)
        {
            _problems.Add($"Round {round}, concurrency {concurrency}: {load.Errors} errors ({string.Join(", ", load.ErrorKinds)}).");
        }
        Add(new Turn(
            Side.Host, round, concurrency, load.Events, load.EventsPerSecond, load.Latency, load.Errors,
            used.Host.TotalMilliseconds / load.Events, used.Database.TotalMilliseconds / load.Events, load.Processor.TotalMilliseconds / load.Events,
            (double)used.LogBytes / load.Events, host.ResidentBytes));
    }

    private async Task TakeBareTurnAsync(int round, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = await Meter.ReadAsync(cluster, bare, cancellationToken);
        var load = new HttpLoad(bare.Url, source.Plan((int)(10_000 * duration.TotalSeconds)), duration).Run(concurrency: 1);
        var used = (await Meter.ReadAsync(cluster, bare, cancellationToken)).Since(start);
        if (load.Errors > 0 || load.Events == 0)
        {
            throw new BenchmarkException($"The bare intake failed ({string.Join(", ", load.ErrorKinds)}). Its log:\n{bare.LogTail}");
        }
        Add(new Turn(
            Side.Bare, round, 1, load.Events, load.EventsPerSecond, load.Latency, load.Errors, used.Host.TotalMilliseconds / load.Events,
            used.Database.TotalMilliseconds / load.Events, load.Processor.TotalMilliseconds / load.Events, (double)used.LogBytes / load.Events,
            bare.ResidentBytes));
    }

    private async Task TakePgbenchTurnAsync(int round, int concurrency, CancellationToken cancellationToken)
    {
        var before = await cluster.YardstickEventsAsync(cancellationToken);
        var (result, used) = await _pgbench.MeterAsync(
            concurrency, options.Turn, () => Meter.ReadAsync(cluster, host, cancellationToken), cancellationToken);
        var duplicates = 1 - ((double)(await cluster.YardstickEventsAsync(cancellationToken) - before) / result.Events);
        if (duplicates is < 0.05 or > 0.15 && result.Events > 1000)
        {
            _problems.Add($"Round {round}, concurrency {concurrency}: {duplicates:P0} of pgbench's events were duplicates.");
        }
        Add(new Turn(
            Side.Pgbench, round, concurrency, result.Events, result.EventsPerSecond, result.Latency, Errors: 0,
            HostProcessor: null, used.Database.TotalMilliseconds / result.Events, GeneratorProcessor: null,
            (double)used.LogBytes / result.Events, ResidentBytes: null));
    }

    private void Add(Turn turn)
    {
        _turns.Add(turn);
        if (turn.Round > 0)
        {
            Console.WriteLine($"round {turn.Round}, {turn.Concurrency,3} at once, {turn.Side,-7}: {turn.EventsPerSecond,6:0} events/s, p99 {turn.Latency.P99:0.0} ms");
        }
    }
}
