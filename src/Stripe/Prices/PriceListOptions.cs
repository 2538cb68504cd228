namespace Stripe;

public sealed class PriceListOptions : ListOptions
{
    public bool? Active { get; set; }
    public string? Currency { get; set; }

    /// <summary>At most ten.</summary>
    public List<string>? LookupKeys { get; set; }

    public string? Product { get; set; }
    public string? Type { get; set; }
}
