namespace Billing;

/// <summary>When hosts compare themselves with Stripe; configuration section <c>Billing:Reconciliation</c>.</summary>
internal sealed class ReconciliationOptions
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(7);

    /// <summary>From the start of one run to the next. Default 6 h, 1 minute to 7 days; 0: never, only <c>billing reconcile</c>.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Whether these runs repair what Stripe's own evidence supports, or only report. Default true.</summary>
    public bool Repair { get; set; } = true;

    public IEnumerable<string> Wrong() =>
        Interval != TimeSpan.Zero && (Interval < Least || Interval > Most)
            ? ["Billing:Reconciliation:Interval is out of bounds: set it to 00:01:00 to 7.00:00:00, or to 00:00:00 to turn it off."]
            : [];
}
