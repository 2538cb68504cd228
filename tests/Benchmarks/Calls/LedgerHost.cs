using Benchmarks.Load;
using Benchmarks.Machine;
using Benchmarks.Results;

namespace Benchmarks.Calls;

/// <summary>A running host whose orgs have ledgers, called 64 at once for orgs at random; at the end they must add up, and hold what was answered.</summary>
internal sealed class LedgerHost : IAsyncDisposable
{
    public const int Concurrency = 64;

    private readonly StripeStandIn _stripe;
    private readonly Allocations _allocations;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string _program;
    private readonly List<string> _problems = [];
    private int _run;
    private long _debits;

    private LedgerHost(
        string program, int orgs, Cluster cluster, StripeStandIn stripe, Allocations allocations, IReadOnlyDictionary<string, string> settings,
        IReadOnlyList<string> keys, ServedProgram host)
    {
        (_program, Orgs, Cluster, _stripe, _allocations, _settings, Keys, Host) = (program, orgs, cluster, stripe, allocations, settings, keys, host);
        IdleBytes = host.ResidentBytes;
    }

    public int Orgs { get; }

    public Cluster Cluster { get; }

    public IReadOnlyList<string> Keys { get; }

    public ServedProgram Host { get; }

    /// <summary>Resident memory before anything was asked.</summary>
    public long IdleBytes { get; }

    /// <summary>What was stored or answered wrongly.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <exception cref="BenchmarkException">Something that it needs is missing or failed.</exception>
    public static async Task<LedgerHost> StartAsync(BenchmarkOptions options, int orgs, bool withYardstick, CancellationToken cancellationToken)
    {
        var cluster = await Cluster.StartAsync(cancellationToken);
        var stripe = await StripeStandIn.StartAsync(cancellationToken);
        var settings = HostSettings.Create(cluster.ConnectionString, stripe.Url);
        await ServedProgram.RunAsync(options.Program, ["migrate"], settings, cancellationToken);
        var keys = await ServiceKeys.CreateAsync(cluster, cancellationToken);
        await PrimedLedgers.CreateAsync(cluster, orgs, cancellationToken);
        if (withYardstick)
        {
            await cluster.CopyForYardstickAsync(cancellationToken);
        }
        await cluster.ExecuteAsync("CHECKPOINT", cancellationToken);
        var allocations = new Allocations();
        var host = await ServedProgram.StartAsync(
            options.Program, ["serve", "--urls", "http://127.0.0.1:0"], settings.Concat(allocations.Environment).ToDictionary(), cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken); // what a host does after its start
        return new LedgerHost(options.Program, orgs, cluster, stripe, allocations, settings, keys, host);
    }

    public async Task<CallTurn> TakeTurnAsync(MeasuredCall call, int round, TimeSpan duration, CancellationToken cancellationToken)
    {
        var requests = Requests(call, call.Head);
        var (start, allocated) = (await MeterAsync(Host, cancellationToken), _allocations.Bytes);
        var load = new HttpLoad(Host.Url, requests, duration).Run(Concurrency);
        await Task.Delay(50, cancellationToken); // until the host has told what it allocated
        allocated = _allocations.Bytes - allocated;
        _debits += call.Changes ? requests.Accepted : 0;
        if (load.Errors > 0)
        {
            _problems.Add($"{call.Name}, round {round}: {load.Errors} errors ({string.Join(", ", load.ErrorKinds)}).");
        }
        if (load.Events == 0)
        {
            throw new BenchmarkException($"{call.Name} was never answered ({string.Join(", ", load.ErrorKinds)}). The host's log:\n{Host.LogTail}");
        }
        return CallTurn.Of(call, Side.Host, round, load, (await MeterAsync(Host, cancellationToken)).Since(start), (double)allocated / load.Events);
    }

    public Task WarmUpAsync(MeasuredCall call, CancellationToken cancellationToken) =>
        WarmUp.RunAsync(Host, () => TakeTurnAsync(call, round: 0, TimeSpan.FromSeconds(3), cancellationToken));

    public CallRequests Requests(MeasuredCall call, string head) =>
        new(head, call.Body, Keys, () => Random.Shared.Next(1, Orgs + 1), ++_run);

    public Task<Meter> MeterAsync(ServedProgram server, CancellationToken cancellationToken) => Meter.ReadAsync(Cluster, server, cancellationToken);

    /// <summary>The host's own probe of all ledgers, and the debits counted.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var stored = await Cluster.CountAsync($"SELECT count(*) FROM credit_entries WHERE kind = 'debit' AND number > {PrimedLedgers.History}", cancellationToken);
        if (stored != _debits)
        {
            _problems.Add($"{_debits} debits were answered, and {stored} are in the ledgers.");
        }
        try
        {
            await ServedProgram.RunAsync(_program, ["credits", "verify"], _settings, cancellationToken);
        }
        catch (BenchmarkException wrong)
        {
            _problems.Add(wrong.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _allocations.Dispose();
        await _stripe.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
