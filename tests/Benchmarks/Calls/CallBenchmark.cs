using Benchmarks.Load;
using Benchmarks.Machine;
using Benchmarks.Results;
using Benchmarks.Yardstick;

namespace Benchmarks.Calls;

/// <summary>Status, credits and debit over 10,000 orgs: the host, a web server that does nothing and pgbench in turns, round after round.</summary>
internal sealed class CallBenchmark(BenchmarkOptions options, LedgerHost host, ServedProgram bare)
{
    private const int Orgs = 10_000;

    private readonly Dictionary<MeasuredCall, PgbenchRun> _pgbench =
        MeasuredCall.All.ToDictionary(call => call, call => new PgbenchRun(host.Cluster, call.Script, $"orgs={Orgs}"));

    private readonly List<CallTurn> _turns = [];

    /// <exception cref="BenchmarkException">Something that it needs is missing or failed.</exception>
    public static async Task<IReport> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using var host = await LedgerHost.StartAsync(options, Orgs, withYardstick: true, cancellationToken);
        await using var bare = await ServedProgram.StartAsync(
            typeof(CallBenchmark).Assembly.Location, ["bare-endpoint"], new Dictionary<string, string>(), cancellationToken);
        return await new CallBenchmark(options, host, bare).RunAsync(cancellationToken);
    }

    private async Task<CallReport> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var call in MeasuredCall.All)
        {
            await host.WarmUpAsync(call, cancellationToken);
            await TakeBareTurnAsync(call, round: 0, TimeSpan.FromSeconds(3), cancellationToken);
        }
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var call in MeasuredCall.All)
            {
                Add(await host.TakeTurnAsync(call, round, options.Turn, cancellationToken));
                Add(await TakeBareTurnAsync(call, round, options.Turn, cancellationToken));
                Add(await TakePgbenchTurnAsync(call, round, cancellationToken));
            }
        }
        var loaded = (Host: host.Host.ResidentBytes, Bare: bare.ResidentBytes);
        await host.VerifyAsync(cancellationToken);
        return new CallReport(
            LedgerHost.Concurrency, Orgs, [.. MeasuredCall.All.Select(call => CallComparison.Of(call.Name, _turns))], host.IdleBytes, loaded.Host,
            loaded.Bare, host.Problems, _turns);
    }

    private async Task<CallTurn> TakeBareTurnAsync(MeasuredCall call, int round, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = await host.MeterAsync(bare, cancellationToken);
        var load = new HttpLoad(bare.Url, host.Requests(call, call.BareHead), duration).Run(LedgerHost.Concurrency);
        return CallTurn.Of(call, Side.Bare, round, load, (await host.MeterAsync(bare, cancellationToken)).Since(start), allocated: null);
    }

    private async Task<CallTurn> TakePgbenchTurnAsync(MeasuredCall call, int round, CancellationToken cancellationToken)
    {
        var (result, used) = await _pgbench[call].MeterAsync(
            LedgerHost.Concurrency, options.Turn, () => host.MeterAsync(host.Host, cancellationToken), cancellationToken);
        return new CallTurn(
            call.Name, Side.Pgbench, round, result.EventsPerSecond, result.Latency, Errors: 0, Processor: null,
            used.Database.TotalMilliseconds / result.Events, AllocatedBytes: null);
    }

    private void Add(CallTurn turn)
    {
        _turns.Add(turn);
        Console.WriteLine($"round {turn.Round}, {turn.Call}, {turn.Side,-7}: {turn.PerSecond,6:0} a second, p99 {turn.Latency.P99:0.0} ms");
    }
}
