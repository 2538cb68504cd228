namespace Stripe;

public sealed class ProductCreateOptions : BaseOptions
{
    public bool? Active { get; set; }
    public string? Description { get; set; }

    /// <summary>An id of your own choice, so that creating twice collides instead of duplicating.</summary>
    public string? Id { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }

    /// <summary>Required.</summary>
    public string? Name { get; set; }
}
