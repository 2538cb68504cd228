using StripeSandbox.Billing;
using StripeSandbox.Faults;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Time;
using StripeSandbox.Webhooks;

namespace StripeSandbox;

/// <summary>The parts of a sandbox below HTTP, put together.</summary>
internal sealed class SandboxCore : IAsyncDisposable
{
    private readonly Journal _journal;
    private readonly TimeSpan _settleWait;
    private string _publicUrl = "";

    public SandboxCore(SandboxOptions options)
    {
        var rendering = new Rendering(() => _publicUrl);
        (_journal, Accounts, Clock) = StateFile.Open(options, rendering, BillingRules.Of(options, Faults));
        Deliveries = new Deliveries(options, Clock, Faults);
        Progress = new Progress(Accounts, Clock, _journal, Deliveries.FirstAttempts, options.AdvanceDeliveryWait);
        _settleWait = options.AdvanceDeliveryWait;
        Pipeline = new ApiPipeline(Accounts, new Idempotency(), Faults, options.Log);
        Accounts.Committed += Deliveries.StartAll;
        Accounts.Committed += (_, _) => Progress.LookAgain();
    }

    public Accounts Accounts { get; }

    public SandboxClock Clock { get; }

    public SandboxFaults Faults { get; } = new();

    public Deliveries Deliveries { get; }

    public Progress Progress { get; }

    public ApiPipeline Pipeline { get; }

    /// <summary>Goes on with what a former run left undone. Needs the address that it is reached at.</summary>
    public void Start(string publicUrl)
    {
        _publicUrl = publicUrl.TrimEnd('/');
        foreach (var account in Accounts.All)
        {
            Deliveries.StartAll(account, account.Snapshot());
        }

        Progress.Start();
    }

    /// <summary>Waits for the first attempts of all that is on its way; gives the number of deliveries still to come.</summary>
    public async Task<int> SettleAsync(CancellationToken ct)
    {
        await Deliveries.SettleAsync(_settleWait, ct);
        return Accounts.All.Sum(account => account.Snapshot().Count(json => json.Type() == Delivery.Type && json.Text("state") is "pending" or "held"));
    }

    public async ValueTask DisposeAsync()
    {
        await Progress.DisposeAsync();
        await Deliveries.DisposeAsync();
        _journal.Dispose();
    }
}
