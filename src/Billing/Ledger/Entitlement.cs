namespace Billing.Ledger;

/// <summary>The plan credits that an org has paid for: so many each month, counted from an anchor, until the paid time ends (DESIGN rule 6).</summary>
/// <param name="PerMonth">Credits; 0: none.</param>
/// <param name="Anchor">The start of the paid period.</param>
/// <param name="Until">What is paid through.</param>
internal readonly record struct Entitlement(long PerMonth, DateTimeOffset Anchor, DateTimeOffset Until)
{
    public static readonly Entitlement None;
}
