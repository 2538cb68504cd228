namespace Stripe;

public sealed class CustomerCreateOptions : BaseOptions
{
    public string? Description { get; set; }

    /// <summary>At most 512 characters.</summary>
    public string? Email { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }

    /// <summary>At most 256 characters.</summary>
    public string? Name { get; set; }

    /// <summary>Binds the customer to a test clock (<c>clock_</c>); test mode only, fixed at creation.</summary>
    public string? TestClock { get; set; }
}
