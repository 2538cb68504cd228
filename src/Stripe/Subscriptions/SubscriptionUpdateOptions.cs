namespace Stripe;

public sealed class SubscriptionUpdateOptions : BaseOptions
{
    /// <summary>Excludes <see cref="CancelAtPeriodEnd"/>. To clear it: <c>AddExtraParam("cancel_at", "")</c>.</summary>
    public AnyOf<DateTime?, SubscriptionCancelAt>? CancelAt { get; set; }

    public bool? CancelAtPeriodEnd { get; set; }
    public List<SubscriptionItemOptions>? Items { get; set; }
    public Dictionary<string, string>? Metadata { get; set; }
    public string? PaymentBehavior { get; set; }

    /// <summary><c>create_prorations</c> (default), <c>always_invoice</c> or <c>none</c>.</summary>
    public string? ProrationBehavior { get; set; }
}
