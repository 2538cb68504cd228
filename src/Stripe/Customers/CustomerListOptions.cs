namespace Stripe;

public sealed class CustomerListOptions : ListOptions
{
    public AnyOf<DateTime?, DateRangeOptions>? Created { get; set; }

    /// <summary>Exact and case-sensitive.</summary>
    public string? Email { get; set; }
}
