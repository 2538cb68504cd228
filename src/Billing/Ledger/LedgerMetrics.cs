using System.Diagnostics.Metrics;
using Billing.Persistence;
using Billing.Telemetry;

namespace Billing.Ledger;

/// <summary>Credits as they are booked, counted once their transaction is committed.</summary>
internal static class LedgerMetrics
{
    private static readonly Meter Meter = new(Otlp.Name);

    private static readonly Counter<long> Booked = Meter.CreateCounter<long>(
        "billing.credits.booked", "{credit}", "Credits by the kind of ledger entry that moved them: grant, debit, reversal and so on.");

    /// <summary>Counts the entries that a context has saved and committed.</summary>
    public static void Count(BillingDb db)
    {
        if (!Booked.Enabled)
        {
            return;
        }
        foreach (var tracked in db.ChangeTracker.Entries<CreditEntry>())
        {
            var entry = tracked.Entity;
            Booked.Add(Credits(entry), new KeyValuePair<string, object?>("kind", EnumWords<CreditEntryKind>.Of(entry.Kind)));
        }
    }

    /// <summary>A debt that is paid lessens both balance and debt; of everything else the two add up to what was moved.</summary>
    private static long Credits(CreditEntry entry) => entry.Kind == CreditEntryKind.DebtPayment
        ? Math.Abs(entry.BalanceDelta)
        : Math.Abs(entry.BalanceDelta - entry.DebtDelta);
}
