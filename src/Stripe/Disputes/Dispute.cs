using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>A buyer's claim at the bank that a charge was wrong (<c>du_</c>). Amounts are minor units of <see cref="Currency"/>.</summary>
public sealed class Dispute : StripeEntity<Dispute>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "dispute";

    /// <summary>What is disputed: often the whole charge, but it may be less.</summary>
    public long Amount { get; set; }

    [JsonIgnore]
    public string ChargeId { get => ChargeField.Id ?? ""; set => ChargeField = new(value); }

    [JsonIgnore]
    public Charge? Charge { get => ChargeField.Value; set => ChargeField = new(value); }

    [JsonInclude, JsonPropertyName("charge")]
    internal Expandable<Charge> ChargeField { get; set; }

    public DateTime Created { get; set; }
    public string Currency { get; set; } = "";
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; } = [];

    [JsonIgnore]
    public string? PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = new(value); }

    [JsonIgnore]
    public PaymentIntent? PaymentIntent { get => PaymentIntentField.Value; set => PaymentIntentField = new(value); }

    [JsonInclude, JsonPropertyName("payment_intent")]
    internal Expandable<PaymentIntent> PaymentIntentField { get; set; }

    public string Reason { get; set; } = "";

    /// <summary>
    /// <c>needs_response</c>, <c>under_review</c>, <c>won</c>, <c>lost</c> or <c>prevented</c>; those that begin with
    /// <c>warning_</c> are inquiries, which move no money.
    /// </summary>
    public string Status { get; set; } = "";
}
