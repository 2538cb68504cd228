namespace Stripe;

public sealed class CustomerUpdateOptions : BaseOptions
{
    public string? Description { get; set; }
    public string? Email { get; set; }

    /// <summary>Merged by key; an empty value removes the key.</summary>
    public Dictionary<string, string>? Metadata { get; set; }

    public string? Name { get; set; }
}
