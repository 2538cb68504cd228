namespace Stripe;

public sealed class SubscriptionListOptions : ListOptions
{
    public AnyOf<DateTime?, DateRangeOptions>? Created { get; set; }
    public string? Customer { get; set; }
    public string? Price { get; set; }

    /// <summary>Unset leaves canceled ones out; <c>all</c> includes them.</summary>
    public string? Status { get; set; }
}
