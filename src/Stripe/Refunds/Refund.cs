using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>Money given back of a charge (<c>re_</c>). Amounts are minor units of <see cref="Currency"/>.</summary>
public sealed class Refund : StripeEntity<Refund>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "refund";
    public long Amount { get; set; }

    [JsonIgnore]
    public string? ChargeId { get => ChargeField.Id; set => ChargeField = new(value); }

    [JsonIgnore]
    public Charge? Charge { get => ChargeField.Value; set => ChargeField = new(value); }

    [JsonInclude, JsonPropertyName("charge")]
    internal Expandable<Charge> ChargeField { get; set; }

    public DateTime Created { get; set; }
    public string Currency { get; set; } = "";

    /// <summary>Set when <see cref="Status"/> is <c>failed</c>: the money is back with us.</summary>
    public string? FailureReason { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }

    [JsonIgnore]
    public string? PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = new(value); }

    [JsonIgnore]
    public PaymentIntent? PaymentIntent { get => PaymentIntentField.Value; set => PaymentIntentField = new(value); }

    [JsonInclude, JsonPropertyName("payment_intent")]
    internal Expandable<PaymentIntent> PaymentIntentField { get; set; }

    /// <summary>What we said it was for; null if nothing.</summary>
    public string? Reason { get; set; }

    /// <summary><c>pending</c>, <c>requires_action</c>, <c>succeeded</c>, <c>failed</c> or <c>canceled</c>; a succeeded one may still fail.</summary>
    public string? Status { get; set; }
}
