namespace Stripe;

/// <summary>A customer (<c>cus_</c>). A deleted one is still readable, as a stub that carries only its id.</summary>
public sealed class Customer : StripeEntity<Customer>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "customer";
    public DateTime Created { get; set; }
    public string? Description { get; set; }

    /// <summary>Not unique: several customers may share one address.</summary>
    public string? Email { get; set; }

    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; } = [];
    public string? Name { get; set; }
}
