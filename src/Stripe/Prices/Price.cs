using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>A price (<c>price_</c>). Amount, currency and interval never change: a new amount is a new price.</summary>
public sealed class Price : StripeEntity<Price>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "price";
    public bool Active { get; set; }

    /// <summary>Three-letter ISO code, lower case.</summary>
    public string Currency { get; set; } = "";

    public bool Livemode { get; set; }
    public string? LookupKey { get; set; }
    public Dictionary<string, string> Metadata { get; set; } = [];
    public string? Nickname { get; set; }

    [JsonIgnore]
    public string ProductId { get => ProductField.Id ?? ""; set => ProductField = new(value); }

    [JsonIgnore]
    public Product? Product { get => ProductField.Value; set => ProductField = new(value); }

    [JsonInclude, JsonPropertyName("product")]
    internal Expandable<Product> ProductField { get; set; }

    /// <summary>Null for a one-time price.</summary>
    public PriceRecurring? Recurring { get; set; }

    /// <summary><c>one_time</c> or <c>recurring</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary>Minor units of <see cref="Currency"/>; null when the amount is decimal, tiered or chosen by the buyer.</summary>
    public long? UnitAmount { get; set; }
}
