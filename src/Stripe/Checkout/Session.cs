using System.Text.Json.Serialization;

namespace Stripe.Checkout;

/// <summary>A hosted checkout (<c>cs_</c>).</summary>
public sealed class Session : StripeEntity<Session>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "checkout.session";

    /// <summary>Minor units, before discounts and tax.</summary>
    public long? AmountSubtotal { get; set; }

    /// <summary>Minor units, after discounts and tax.</summary>
    public long? AmountTotal { get; set; }

    public string? CancelUrl { get; set; }
    public string? ClientReferenceId { get; set; }
    public DateTime Created { get; set; }
    public string? Currency { get; set; }

    [JsonIgnore]
    public string? CustomerId { get => CustomerField.Id; set => CustomerField = new(value); }

    [JsonIgnore]
    public Customer? Customer { get => CustomerField.Value; set => CustomerField = new(value); }

    [JsonInclude, JsonPropertyName("customer")]
    internal Expandable<Customer> CustomerField { get; set; }

    public SessionCustomerDetails? CustomerDetails { get; set; }
    public DateTime ExpiresAt { get; set; }

    [JsonIgnore]
    public string? InvoiceId { get => InvoiceField.Id; set => InvoiceField = new(value); }

    [JsonIgnore]
    public Invoice? Invoice { get => InvoiceField.Value; set => InvoiceField = new(value); }

    [JsonInclude, JsonPropertyName("invoice")]
    internal Expandable<Invoice> InvoiceField { get; set; }

    /// <summary>Null unless expanded.</summary>
    public StripeList<LineItem>? LineItems { get; set; }

    public bool Livemode { get; set; }

    /// <summary>Stays on the session: it is not copied to the subscription or the payment intent.</summary>
    public Dictionary<string, string>? Metadata { get; set; }

    /// <summary><c>payment</c>, <c>subscription</c> or <c>setup</c>.</summary>
    public string Mode { get; set; } = "";

    [JsonIgnore]
    public string? PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = new(value); }

    [JsonIgnore]
    public PaymentIntent? PaymentIntent { get => PaymentIntentField.Value; set => PaymentIntentField = new(value); }

    [JsonInclude, JsonPropertyName("payment_intent")]
    internal Expandable<PaymentIntent> PaymentIntentField { get; set; }

    /// <summary><c>paid</c>, <c>unpaid</c> or <c>no_payment_required</c>; only <c>unpaid</c> means "do not deliver".</summary>
    public string PaymentStatus { get; set; } = "";

    /// <summary><c>open</c>, <c>complete</c> or <c>expired</c>; <c>complete</c> alone does not mean paid.</summary>
    public string? Status { get; set; }

    [JsonIgnore]
    public string? SubscriptionId { get => SubscriptionField.Id; set => SubscriptionField = new(value); }

    [JsonIgnore]
    public Subscription? Subscription { get => SubscriptionField.Value; set => SubscriptionField = new(value); }

    [JsonInclude, JsonPropertyName("subscription")]
    internal Expandable<Subscription> SubscriptionField { get; set; }

    public string? SuccessUrl { get; set; }

    /// <summary>The hosted page, a credential; null once the session is no longer open.</summary>
    public string? Url { get; set; }
}
