namespace Billing.Ledger;

/// <summary>The plan credits that an org has paid for: so many in each month of a paid period (DESIGN rule 6).</summary>
/// <param name="PerMonth">Credits; 0: none.</param>
/// <param name="From">The start of the paid period; may be a little ahead, as Stripe's clock is not ours.</param>
/// <param name="Until">Its end.</param>
/// <param name="InvoiceId">What paid for it.</param>
internal readonly record struct Entitlement(long PerMonth, DateTimeOffset From, DateTimeOffset Until, string? InvoiceId)
{
    public static readonly Entitlement None;
}
