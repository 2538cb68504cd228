namespace StripeSandbox.Billing;

/// <summary>How long and how often a failing invoice is tried, what follows, and how long a bank takes. The same for all accounts of a sandbox.</summary>
internal sealed record BillingRules(IReadOnlyList<TimeSpan> Retries, AfterPaymentRetries AfterRetries, TimeSpan Settlement)
{
    public static BillingRules Of(SandboxOptions options) => new([.. options.PaymentRetries], options.AfterPaymentRetries, options.DelayedPaymentSettlement);

    /// <summary>When the next automatic attempt follows the one that just failed (the first is 1); null: that was the last.</summary>
    public long? NextAttempt(long attempts, long at) => attempts <= Retries.Count ? at + (long)Retries[(int)attempts - 1].TotalSeconds : null;
}
