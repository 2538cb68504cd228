using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>A payment (<c>pi_</c>). Amounts are minor units of <see cref="Currency"/>.</summary>
public sealed class PaymentIntent : StripeEntity<PaymentIntent>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "payment_intent";
    public long Amount { get; set; }
    public long AmountReceived { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; } = "";

    [JsonIgnore]
    public string? CustomerId { get => CustomerField.Id; set => CustomerField = new(value); }

    [JsonIgnore]
    public Customer? Customer { get => CustomerField.Value; set => CustomerField = new(value); }

    [JsonInclude, JsonPropertyName("customer")]
    internal Expandable<Customer> CustomerField { get; set; }

    [JsonIgnore]
    public string? LatestChargeId { get => LatestChargeField.Id; set => LatestChargeField = new(value); }

    [JsonIgnore]
    public Charge? LatestCharge { get => LatestChargeField.Value; set => LatestChargeField = new(value); }

    [JsonInclude, JsonPropertyName("latest_charge")]
    internal Expandable<Charge> LatestChargeField { get; set; }

    public Dictionary<string, string> Metadata { get; set; } = [];
    public string Status { get; set; } = "";
}
