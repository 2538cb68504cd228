namespace Billing.Fulfilment;

/// <summary>Stripe's words for whether a complete checkout session is paid (FACTS B.3).</summary>
internal static class PaymentStatus
{
    public const string Paid = "paid";

    public const string Unpaid = "unpaid";

    /// <summary>Ours: a delayed payment that failed. Stripe leaves the session at <see cref="Unpaid"/> for good then.</summary>
    public const string Failed = "failed";

    /// <summary>Ours: a top-up that Stripe shows with another amount than it was offered for. It is over, and nothing was credited.</summary>
    public const string Mismatch = "mismatch";
}
