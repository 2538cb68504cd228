using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Time;
using StripeSandbox.Webhooks;

namespace StripeSandbox;

/// <summary>The parts of a sandbox below HTTP, put together.</summary>
internal sealed class SandboxCore : IAsyncDisposable
{
    private readonly Journal _journal;
    private string _publicUrl = "";

    public SandboxCore(SandboxOptions options)
    {
        var rendering = new Rendering(() => _publicUrl);
        (_journal, Accounts, Clock) = StateFile.Open(options, rendering);
        Deliveries = new Deliveries(options, Clock);
        Progress = new Progress(Accounts, Clock, _journal, Deliveries.FirstAttempts, options.AdvanceDeliveryWait);
        Pipeline = new ApiPipeline(Accounts, new Idempotency(), options.Log);
        Accounts.Committed += Deliveries.StartAll;
        Accounts.Committed += (_, _) => Progress.LookAgain();
    }

    public Accounts Accounts { get; }

    public SandboxClock Clock { get; }

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

    public async ValueTask DisposeAsync()
    {
        await Progress.DisposeAsync();
        await Deliveries.DisposeAsync();
        _journal.Dispose();
    }
}
