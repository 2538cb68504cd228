namespace StripeSandbox;

/// <summary>What becomes of a subscription when the last attempt to collect a renewal has failed: a setting of the account at Stripe.</summary>
public enum AfterPaymentRetries
{
    /// <summary>It is canceled, with <c>cancellation_details.reason=payment_failed</c>.</summary>
    Cancel,

    /// <summary>It becomes <c>unpaid</c>: its renewals are drafts that nobody collects until the latest open invoice is paid.</summary>
    MarkUnpaid,

    /// <summary>It stays <c>past_due</c> and goes on renewing.</summary>
    LeavePastDue,
}
