using System.Text.Json.Serialization;

namespace Stripe;

public sealed class InvoicePaymentPayment
{
    [JsonIgnore]
    public string? ChargeId { get => ChargeField.Id; set => ChargeField = new(value); }

    [JsonIgnore]
    public Charge? Charge { get => ChargeField.Value; set => ChargeField = new(value); }

    [JsonInclude, JsonPropertyName("charge")]
    internal Expandable<Charge> ChargeField { get; set; }

    [JsonIgnore]
    public string? PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = new(value); }

    [JsonIgnore]
    public PaymentIntent? PaymentIntent { get => PaymentIntentField.Value; set => PaymentIntentField = new(value); }

    [JsonInclude, JsonPropertyName("payment_intent")]
    internal Expandable<PaymentIntent> PaymentIntentField { get; set; }

    /// <summary>Says which one of the references is set.</summary>
    public string Type { get; set; } = "";
}
