namespace Stripe.Checkout;

public sealed class SessionSubscriptionDataOptions : INestedOptions
{
    /// <summary>At most 500 characters.</summary>
    public string? Description { get; set; }

    /// <summary>Copied to the subscription.</summary>
    public Dictionary<string, string>? Metadata { get; set; }

    /// <summary>One or more.</summary>
    public long? TrialPeriodDays { get; set; }
}
