using System.Diagnostics.Metrics;
using Billing.Background;
using Billing.Telemetry;

namespace Billing.Ledger;

/// <summary>Goes round all orgs in the background, a slice at a time, and raises an alarm for a ledger that does not add up.</summary>
internal sealed partial class LedgerWatch(LedgerProbe probe, ILogger<LedgerWatch> log) : PollingWorker(TimeSpan.FromMinutes(1), log)
{
    private const int Slice = 200;

    private static readonly Meter Meter = new(Otlp.Name);

    private static readonly Counter<long> Checked = Meter.CreateCounter<long>(
        "billing.ledger.checked", "{org}", "Ledgers that were checked.");

    private static readonly Counter<long> Wrong = Meter.CreateCounter<long>(
        "billing.ledger.wrong", "{org}", "Ledgers that did not add up when they were checked; any is an alarm.");

    private string _last = "";

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        var found = await probe.CheckAsync(_last, Slice, cancellationToken);
        Checked.Add(found.Count);
        foreach (var finding in found.Where(finding => !finding.IsClean))
        {
            Wrong.Add(1);
            LogWrong(finding.OrgId, finding.Wrong);
        }
        _last = found.Count == Slice ? found[^1].OrgId : "";
        return false; // the next slice has time
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The ledger of org {OrgId} does not add up: {Wrong}")]
    private partial void LogWrong(string orgId, string wrong);
}
