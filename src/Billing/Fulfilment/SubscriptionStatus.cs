namespace Billing.Fulfilment;

/// <summary>Stripe's words for the state of a subscription (FACTS B.4), and what each means here (DESIGN rule 8).</summary>
internal static class SubscriptionStatus
{
    public const string Active = "active";
    public const string Trialing = "trialing";
    public const string PastDue = "past_due";
    public const string Unpaid = "unpaid";
    public const string Paused = "paused";
    public const string Incomplete = "incomplete";
    public const string Canceled = "canceled";
    public const string IncompleteExpired = "incomplete_expired";

    /// <summary>Whether the org has the plan; while past due only until its grace ends.</summary>
    public static bool IsEntitling(string? status) => status is Active or Trialing or PastDue;

    /// <summary>Whether it has ended for good: nothing that comes later can revive it.</summary>
    public static bool IsFinal(string? status) => status is Canceled or IncompleteExpired;
}
