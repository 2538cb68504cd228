using Benchmarks.Load;
using Benchmarks.Machine;
using Benchmarks.Results;

namespace Benchmarks.Checkout;

/// <summary>
/// Checkouts of orgs that have none, with a Stripe that answers at once and with one that takes 150 ms for each call, the last with 2,000 buyers
/// at the same moment. At the end each that was answered has its session, and no org has two.
/// </summary>
internal sealed class CheckoutBenchmark : IDisposable
{
    private const int Held = 2_000;
    private const int Orgs = 300_000;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Cluster _cluster;
    private readonly ServedProgram _host;
    private readonly Sandbox _sandbox;
    private readonly IReadOnlyList<string> _keys;
    private readonly HttpClient _http;
    private readonly List<CheckoutTurn> _turns = [];
    private readonly List<string> _problems = [];
    private int _run;
    private int _org;
    private int _accepted;

    private CheckoutBenchmark(Cluster cluster, ServedProgram host, Sandbox sandbox, IReadOnlyList<string> keys)
    {
        (_cluster, _host, _sandbox, _keys) = (cluster, host, sandbox, keys);
        _http = new HttpClient { BaseAddress = host.Url };
    }

    /// <exception cref="BenchmarkException">Something that it needs is missing or failed.</exception>
    public static async Task<IReport> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using var cluster = await Cluster.StartAsync(cancellationToken);
        await using var sandbox = await Sandbox.StartAsync(cancellationToken);
        var settings = HostSettings.Create(cluster.ConnectionString, sandbox.Url);
        settings["Billing__Plans__pro__Monthly__PriceId"] = await sandbox.MakePriceAsync(settings["Stripe__ApiKey"], cancellationToken);
        await ServedProgram.RunAsync(options.Program, ["migrate"], settings, cancellationToken);
        var keys = await ServiceKeys.CreateAsync(cluster, cancellationToken);
        await cluster.ExecuteAsync(
            $"""
            INSERT INTO orgs (id, plan, cancel_at_period_end, customer_generation, version, created_at, lease_fence)
            SELECT 'org_' || to_char(i, 'FM{new string('0', PrimedLedgers.OrgDigits)}'), 'free', false, 0, 0, now(), 0 FROM generate_series(1, {Orgs}) i;
            """, cancellationToken);
        await cluster.ExecuteAsync("VACUUM ANALYZE", cancellationToken);
        await cluster.ExecuteAsync("CHECKPOINT", cancellationToken);
        await using var host = await ServedProgram.StartAsync(options.Program, ["serve", "--urls", "http://127.0.0.1:0"], settings, cancellationToken);
        using var benchmark = new CheckoutBenchmark(cluster, host, sandbox, keys);
        return await benchmark.MeasureAsync(options, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<CheckoutReport> MeasureAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        foreach (var _ in Enumerable.Range(0, 4))
        {
            await TakeTurnAsync("warm-up", concurrency: 64, TimeSpan.FromSeconds(3), int.MaxValue, cancellationToken);
        }
        _turns.Clear();
        for (var round = 1; round <= options.Rounds; round++)
        {
            await TakeTurnAsync("at once", concurrency: 64, options.Turn, int.MaxValue, cancellationToken);
        }
        await _sandbox.AnswerAfterAsync(Wait, cancellationToken);
        for (var round = 1; round <= options.Rounds; round++)
        {
            await TakeTurnAsync("after 150 ms", concurrency: 1, options.Turn, int.MaxValue, cancellationToken);
            await TakeTurnAsync("after 150 ms", concurrency: 64, options.Turn, int.MaxValue, cancellationToken);
            await TakeTurnAsync("after 150 ms", Held, Patience, most: Held, cancellationToken);
        }
        await VerifyAsync(cancellationToken);
        return new CheckoutReport(
            [.. _turns.GroupBy(turn => (turn.Stripe, turn.Concurrency)).Select(group => CheckoutRow.Of([.. group]))], Held, Wait, _problems, _turns);
    }

    /// <param name="stripe">How Stripe answers.</param>
    /// <param name="concurrency">Buyers at a time.</param>
    /// <param name="duration">How long buyers come.</param>
    /// <param name="most">How many come at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task TakeTurnAsync(string stripe, int concurrency, TimeSpan duration, int most, CancellationToken cancellationToken)
    {
        var left = most;
        var requests = new CallRequests(
            "POST /v1/billing/checkout", """{"plan":"pro"}""", _keys, () => Interlocked.Decrement(ref left) >= 0 ? Interlocked.Increment(ref _org) : null, ++_run);
        var (start, sandbox, calls) = (await Meter.ReadAsync(_cluster, _host, cancellationToken), _sandbox.ProcessorTime, _sandbox.Calls);
        using var watch = new Watch(_host, _http);
        var load = new HttpLoad(_host.Url, requests, duration).Run(concurrency);
        await watch.StopAsync();
        var used = (await Meter.ReadAsync(_cluster, _host, cancellationToken)).Since(start);
        await Task.Delay(100, cancellationToken); // until the sandbox has written its log
        _accepted += requests.Accepted;
        if (load.Errors > 0)
        {
            _problems.Add($"{load.Errors} of {load.Events} checkouts failed with {concurrency} at a time ({string.Join(", ", load.ErrorKinds)}).");
        }
        if (load.Events == 0)
        {
            throw new BenchmarkException($"No checkout was answered ({string.Join(", ", load.ErrorKinds)}). The host's log:\n{_host.LogTail}");
        }
        var turn = new CheckoutTurn(
            stripe, concurrency, load.EventsPerSecond, load.Latency, (double)(_sandbox.Calls - calls) / load.Events,
            used.Host.TotalMilliseconds / load.Events, used.Database.TotalMilliseconds / load.Events,
            (_sandbox.ProcessorTime - sandbox).TotalMilliseconds / load.Events, watch.MostThreads, watch.LongestAnswer.TotalMilliseconds);
        _turns.Add(turn);
        Console.WriteLine($"{stripe}, {concurrency} at a time: {turn.PerSecond:0} a second, p99 {turn.Latency.P99:0} ms, {turn.MostThreads} threads");
    }

    private async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var stored = await _cluster.CountAsync("SELECT count(*) FROM checkout_sessions WHERE state = 'open' AND session_id IS NOT NULL", cancellationToken);
        if (stored != _accepted)
        {
            _problems.Add($"{_accepted} checkouts were answered, and {stored} sessions are stored.");
        }
        var twice = await _cluster.CountAsync("SELECT count(*) - count(DISTINCT org_id) FROM checkout_sessions", cancellationToken);
        if (twice != 0)
        {
            _problems.Add($"{twice} sessions are of orgs that have another.");
        }
    }
}
