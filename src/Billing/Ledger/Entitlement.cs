namespace Billing.Ledger;

/// <summary>The plan credits that an org has paid for: so many in each month of a paid period (DESIGN rule 6).</summary>
/// <param name="PerMonth">Credits, in all; 0: none.</param>
/// <param name="From">The start of the paid period; may be a little ahead, as Stripe's clock is not ours.</param>
/// <param name="Until">Its end.</param>
/// <param name="InvoiceId">What paid for the period.</param>
/// <param name="Upgrade">The part of <paramref name="PerMonth"/> that was paid for inside the period, by another invoice.</param>
/// <param name="UpgradeInvoiceId">That invoice; null without one.</param>
internal readonly record struct Entitlement(
    long PerMonth, DateTimeOffset From, DateTimeOffset Until, string? InvoiceId, long Upgrade = 0, string? UpgradeInvoiceId = null)
{
    public static readonly Entitlement None;
}
