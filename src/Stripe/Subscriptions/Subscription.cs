using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>A subscription (<c>sub_</c>).</summary>
public sealed class Subscription : StripeEntity<Subscription>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "subscription";

    /// <summary>When it will end. A scheduled cancellation sets this or <see cref="CancelAtPeriodEnd"/>, or both.</summary>
    public DateTime? CancelAt { get; set; }

    public bool CancelAtPeriodEnd { get; set; }

    /// <summary>When the cancellation was asked for, not when it takes effect.</summary>
    public DateTime? CanceledAt { get; set; }

    public DateTime Created { get; set; }
    public string Currency { get; set; } = "";

    [JsonIgnore]
    public string CustomerId { get => CustomerField.Id ?? ""; set => CustomerField = new(value); }

    [JsonIgnore]
    public Customer? Customer { get => CustomerField.Value; set => CustomerField = new(value); }

    [JsonInclude, JsonPropertyName("customer")]
    internal Expandable<Customer> CustomerField { get; set; }

    public DateTime? EndedAt { get; set; }

    /// <summary>The billing period is on the items, not here.</summary>
    public StripeList<SubscriptionItem> Items { get; set; } = new();

    [JsonIgnore]
    public string? LatestInvoiceId { get => LatestInvoiceField.Id; set => LatestInvoiceField = new(value); }

    [JsonIgnore]
    public Invoice? LatestInvoice { get => LatestInvoiceField.Value; set => LatestInvoiceField = new(value); }

    [JsonInclude, JsonPropertyName("latest_invoice")]
    internal Expandable<Invoice> LatestInvoiceField { get; set; }

    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; } = [];

    /// <summary>Not null while collection is paused.</summary>
    public SubscriptionPauseCollection? PauseCollection { get; set; }

    public DateTime StartDate { get; set; }

    /// <summary>Treat as open: Stripe may add values. <c>canceled</c> and <c>incomplete_expired</c> are final.</summary>
    public string Status { get; set; } = "";

    public DateTime? TrialEnd { get; set; }
    public DateTime? TrialStart { get; set; }
}
