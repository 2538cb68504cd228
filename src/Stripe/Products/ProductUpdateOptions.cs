namespace Stripe;

public sealed class ProductUpdateOptions : BaseOptions
{
    public bool? Active { get; set; }
    public string? Description { get; set; }
    public Dictionary<string, string>? Metadata { get; set; }
    public string? Name { get; set; }
}
