namespace Stripe;

public sealed class ProductUpdateOptions : BaseOptions
{
    public bool? Active { get; set; }

    /// <summary>The id of a price of this product. A product's default price cannot be archived.</summary>
    public string? DefaultPrice { get; set; }

    public string? Description { get; set; }
    public Dictionary<string, string>? Metadata { get; set; }
    public string? Name { get; set; }
}
