using Benchmarks.Load;
using Benchmarks.Machine;
using Benchmarks.Results;
using Benchmarks.Yardstick;

namespace Benchmarks.Calls;

/// <summary>
/// Status, credits and debit over 10,000 orgs, 64 at once: the host, a web server that does nothing and pgbench in turns, round after round. At
/// its end the ledgers must add up, and hold exactly the debits that were answered.
/// </summary>
internal sealed class CallBenchmark
{
    private const int Orgs = 10_000;
    private const int Concurrency = 64;

    private readonly BenchmarkOptions _options;
    private readonly Cluster _cluster;
    private readonly ServedProgram _host;
    private readonly ServedProgram _bare;
    private readonly Allocations _allocations;
    private readonly IReadOnlyList<string> _keys;
    private readonly Dictionary<MeasuredCall, PgbenchRun> _pgbench;
    private readonly List<CallTurn> _turns = [];
    private readonly List<string> _problems = [];
    private int _run;
    private long _debits;

    private CallBenchmark(
        BenchmarkOptions options, Cluster cluster, ServedProgram host, ServedProgram bare, Allocations allocations, IReadOnlyList<string> keys)
    {
        (_options, _cluster, _host, _bare, _allocations, _keys) = (options, cluster, host, bare, allocations, keys);
        _pgbench = MeasuredCall.All.ToDictionary(call => call, call => new PgbenchRun(cluster, call.Script, $"orgs={Orgs}"));
    }

    /// <exception cref="BenchmarkException">Something that it needs is missing or failed.</exception>
    public static async Task<CallReport> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using var cluster = await Cluster.StartAsync(cancellationToken);
        await using var stripe = await StripeStandIn.StartAsync(cancellationToken);
        var settings = HostSettings.Create(cluster.ConnectionString, stripe.Url);
        await ServedProgram.RunAsync(options.Program, ["migrate"], settings, cancellationToken);
        var keys = await PrimedLedgers.CreateAsync(cluster, Orgs, cancellationToken);
        await cluster.CopyForYardstickAsync(cancellationToken);
        using var allocations = new Allocations();
        await using var host = await ServedProgram.StartAsync(
            options.Program, ["serve", "--urls", "http://127.0.0.1:0"], settings.Concat(allocations.Environment).ToDictionary(), cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken); // what a host does after its start
        var idle = host.ResidentBytes;
        await using var bare = await ServedProgram.StartAsync(
            typeof(CallBenchmark).Assembly.Location, ["bare-endpoint"], new Dictionary<string, string>(), cancellationToken);
        return await new CallBenchmark(options, cluster, host, bare, allocations, keys).RunAsync(settings, idle, cancellationToken);
    }

    private async Task<CallReport> RunAsync(IReadOnlyDictionary<string, string> settings, long idle, CancellationToken cancellationToken)
    {
        foreach (var call in MeasuredCall.All)
        {
            foreach (var _ in Enumerable.Range(0, 3))
            {
                await TakeHostTurnAsync(call, round: 0, TimeSpan.FromSeconds(2), cancellationToken);
                await TakeBareTurnAsync(call, round: 0, TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
        _turns.Clear();
        for (var round = 1; round <= _options.Rounds; round++)
        {
            foreach (var call in MeasuredCall.All)
            {
                await TakeHostTurnAsync(call, round, _options.Turn, cancellationToken);
                await TakeBareTurnAsync(call, round, _options.Turn, cancellationToken);
                await TakePgbenchTurnAsync(call, round, cancellationToken);
            }
        }
        var loaded = _host.ResidentBytes;
        await VerifyAsync(settings, cancellationToken);
        return new CallReport(
            Concurrency, Orgs, [.. MeasuredCall.All.Select(call => CallComparison.Of(call.Name, _turns))], idle, loaded, _problems, _turns);
    }

    private async Task TakeHostTurnAsync(MeasuredCall call, int round, TimeSpan duration, CancellationToken cancellationToken)
    {
        var requests = new CallRequests(call.Head, call.Body, _keys, Orgs, ++_run);
        var (start, allocated) = (await MeterAsync(_host, cancellationToken), _allocations.Bytes);
        var load = new HttpLoad(_host.Url, requests, duration).Run(Concurrency);
        await Task.Delay(50, cancellationToken); // until the host has told what it allocated
        allocated = _allocations.Bytes - allocated;
        _debits += call.Changes ? requests.Accepted : 0;
        if (load.Errors > 0)
        {
            _problems.Add($"{call.Name}, round {round}: {load.Errors} errors ({string.Join(", ", load.ErrorKinds)}).");
        }
        Add(call, Side.Host, round, load, (await MeterAsync(_host, cancellationToken)).Since(start), (double)allocated / load.Events);
    }

    private async Task TakeBareTurnAsync(MeasuredCall call, int round, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = await MeterAsync(_bare, cancellationToken);
        var load = new HttpLoad(_bare.Url, new CallRequests(call.BareHead, call.Body, _keys, Orgs, ++_run), duration).Run(Concurrency);
        Add(call, Side.Bare, round, load, (await MeterAsync(_bare, cancellationToken)).Since(start), allocated: null);
    }

    private async Task TakePgbenchTurnAsync(MeasuredCall call, int round, CancellationToken cancellationToken)
    {
        var (result, used) = await _pgbench[call].MeterAsync(Concurrency, _options.Turn, () => MeterAsync(_host, cancellationToken), cancellationToken);
        Add(new CallTurn(
            call.Name, Side.Pgbench, round, result.EventsPerSecond, result.Latency, Errors: 0, Processor: null,
            used.Database.TotalMilliseconds / result.Events, AllocatedBytes: null));
    }

    private void Add(MeasuredCall call, Side side, int round, LoadResult load, Meter used, double? allocated)
    {
        if (load.Events == 0)
        {
            throw new BenchmarkException($"{call.Name} was never answered ({string.Join(", ", load.ErrorKinds)}). The host's log:\n{_host.LogTail}");
        }
        Add(new CallTurn(
            call.Name, side, round, load.EventsPerSecond, load.Latency, load.Errors, used.Host.TotalMilliseconds / load.Events,
            used.Database.TotalMilliseconds / load.Events, allocated));
    }

    private void Add(CallTurn turn)
    {
        _turns.Add(turn);
        if (turn.Round > 0)
        {
            Console.WriteLine($"round {turn.Round}, {turn.Call}, {turn.Side,-7}: {turn.PerSecond,6:0} a second, p99 {turn.Latency.P99:0.0} ms");
        }
    }

    private Task<Meter> MeterAsync(ServedProgram server, CancellationToken cancellationToken) => Meter.ReadAsync(_cluster, server, cancellationToken);

    /// <summary>The host's own probe of all ledgers, and the debits counted.</summary>
    private async Task VerifyAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var stored = await _cluster.CountAsync($"SELECT count(*) FROM credit_entries WHERE kind = 'debit' AND number > {PrimedLedgers.History}", cancellationToken);
        if (stored != _debits)
        {
            _problems.Add($"{_debits} debits were answered, and {stored} are in the ledgers.");
        }
        try
        {
            await ServedProgram.RunAsync(_options.Program, ["credits", "verify"], settings, cancellationToken);
        }
        catch (BenchmarkException wrong)
        {
            _problems.Add(wrong.Message);
        }
    }
}
