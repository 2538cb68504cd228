using StripeSandbox.Faults;

namespace StripeSandbox.Billing;

/// <summary>How long and how often a failing invoice is tried, what follows, how long a bank takes, and what fails on purpose. The same for all accounts of a sandbox.</summary>
internal sealed record BillingRules(IReadOnlyList<TimeSpan> Retries, AfterPaymentRetries AfterRetries, TimeSpan Settlement, SandboxFaults Faults)
{
    public static BillingRules Of(SandboxOptions options, SandboxFaults faults) => new([.. options.PaymentRetries], options.AfterPaymentRetries, options.DelayedPaymentSettlement, faults);

    /// <summary>When the next automatic attempt follows the one that just failed (the first is 1); null: that was the last.</summary>
    public long? NextAttempt(long attempts, long at) => attempts <= Retries.Count ? at + (long)Retries[(int)attempts - 1].TotalSeconds : null;
}
