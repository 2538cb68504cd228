namespace Stripe;

/// <summary>What is sold (<c>prod_</c>); its prices say for how much.</summary>
public sealed class Product : StripeEntity<Product>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "product";
    public bool Active { get; set; }
    public string Name { get; set; } = "";
}
