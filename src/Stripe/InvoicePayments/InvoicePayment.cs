using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>What links an invoice to the payment that pays it (<c>inpay_</c>). Amounts are minor units.</summary>
public sealed class InvoicePayment : StripeEntity<InvoicePayment>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "invoice_payment";
    public long? AmountPaid { get; set; }
    public long AmountRequested { get; set; }

    [JsonIgnore]
    public string InvoiceId { get => InvoiceField.Id ?? ""; set => InvoiceField = new(value); }

    [JsonIgnore]
    public Invoice? Invoice { get => InvoiceField.Value; set => InvoiceField = new(value); }

    [JsonInclude, JsonPropertyName("invoice")]
    internal Expandable<Invoice> InvoiceField { get; set; }

    public bool IsDefault { get; set; }
    public InvoicePaymentPayment Payment { get; set; } = new();

    /// <summary><c>open</c>, <c>paid</c> or <c>canceled</c>.</summary>
    public string Status { get; set; } = "";
}
