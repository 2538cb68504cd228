using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>What is sold (<c>prod_</c>); its prices say for how much.</summary>
public sealed class Product : StripeEntity<Product>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "product";
    public bool Active { get; set; }

    [JsonIgnore]
    public string? DefaultPriceId { get => DefaultPriceField.Id; set => DefaultPriceField = new(value); }

    [JsonIgnore]
    public Price? DefaultPrice { get => DefaultPriceField.Value; set => DefaultPriceField = new(value); }

    [JsonInclude, JsonPropertyName("default_price")]
    internal Expandable<Price> DefaultPriceField { get; set; }

    public string Name { get; set; } = "";
}
