using System.Text.Json.Serialization;

namespace Stripe;

public sealed class InvoiceLineItemPricingPriceDetails
{
    [JsonIgnore]
    public string PriceId { get => PriceField.Id ?? ""; set => PriceField = new(value); }

    [JsonIgnore]
    public Price? Price { get => PriceField.Value; set => PriceField = new(value); }

    [JsonInclude, JsonPropertyName("price")]
    internal Expandable<Price> PriceField { get; set; }

    public string Product { get; set; } = "";
}
