namespace Billing.Ledger;

/// <summary>What configuration says about credits.</summary>
/// <param name="RenewalGrace">How long plan credits outlive their month while its renewal is being paid.</param>
/// <param name="FreePerMonth">Credits of each month of the free plan; 0: none.</param>
internal readonly record struct LedgerRules(TimeSpan RenewalGrace, long FreePerMonth);
