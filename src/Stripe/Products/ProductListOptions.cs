namespace Stripe;

public sealed class ProductListOptions : ListOptions
{
    public bool? Active { get; set; }
    public AnyOf<DateTime?, DateRangeOptions>? Created { get; set; }
}
