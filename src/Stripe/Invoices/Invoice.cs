using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>An invoice (<c>in_</c>). Amounts are minor units of <see cref="Currency"/>; an upcoming invoice has no id.</summary>
public sealed class Invoice : StripeEntity<Invoice>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "invoice";
    public long AmountDue { get; set; }
    public long AmountPaid { get; set; }
    public long AttemptCount { get; set; }
    public string? BillingReason { get; set; }
    public string Currency { get; set; } = "";

    [JsonIgnore]
    public string? CustomerId { get => CustomerField.Id; set => CustomerField = new(value); }

    [JsonIgnore]
    public Customer? Customer { get => CustomerField.Value; set => CustomerField = new(value); }

    [JsonInclude, JsonPropertyName("customer")]
    internal Expandable<Customer> CustomerField { get; set; }

    public string? HostedInvoiceUrl { get; set; }
    public string? InvoicePdf { get; set; }
    public StripeList<InvoiceLineItem> Lines { get; set; } = new();
    public DateTime? NextPaymentAttempt { get; set; }
    public string? Number { get; set; }

    /// <summary>Names the subscription that was billed.</summary>
    public InvoiceParent? Parent { get; set; }

    /// <summary>Null unless expanded.</summary>
    public StripeList<InvoicePayment>? Payments { get; set; }

    /// <summary>End of the usage window, not of the service period: that one is on the lines.</summary>
    public DateTime PeriodEnd { get; set; }

    public DateTime PeriodStart { get; set; }

    /// <summary><c>draft</c>, <c>open</c>, <c>paid</c>, <c>uncollectible</c> or <c>void</c>.</summary>
    public string? Status { get; set; }

    public long Total { get; set; }
}
