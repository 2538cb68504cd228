using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>A charge (<c>ch_</c>). Amounts are minor units of <see cref="Currency"/>. It does not name its invoice.</summary>
public sealed class Charge : StripeEntity<Charge>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "charge";
    public long Amount { get; set; }

    /// <summary>The running total of all refunds.</summary>
    public long AmountRefunded { get; set; }

    public bool Captured { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; } = "";

    [JsonIgnore]
    public string? CustomerId { get => CustomerField.Id; set => CustomerField = new(value); }

    [JsonIgnore]
    public Customer? Customer { get => CustomerField.Value; set => CustomerField = new(value); }

    [JsonInclude, JsonPropertyName("customer")]
    internal Expandable<Customer> CustomerField { get; set; }

    public bool Disputed { get; set; }
    public Dictionary<string, string> Metadata { get; set; } = [];
    public bool Paid { get; set; }

    [JsonIgnore]
    public string? PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = new(value); }

    [JsonIgnore]
    public PaymentIntent? PaymentIntent { get => PaymentIntentField.Value; set => PaymentIntentField = new(value); }

    [JsonInclude, JsonPropertyName("payment_intent")]
    internal Expandable<PaymentIntent> PaymentIntentField { get; set; }

    /// <summary>True only when refunded in full.</summary>
    public bool Refunded { get; set; }

    /// <summary>The latest refunds; null unless expanded.</summary>
    public StripeList<Refund>? Refunds { get; set; }

    public string Status { get; set; } = "";
}
