namespace Stripe;

/// <summary>The product to create along with the price.</summary>
public sealed class PriceProductDataOptions : INestedOptions
{
    public Dictionary<string, string>? Metadata { get; set; }
    public string? Name { get; set; }
}
