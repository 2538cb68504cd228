using System.Text.Json.Serialization;

namespace Stripe;

public sealed class InvoiceParentSubscriptionDetails
{
    /// <summary>The metadata of the subscription when the invoice was made.</summary>
    public Dictionary<string, string>? Metadata { get; set; }

    [JsonIgnore]
    public string SubscriptionId { get => SubscriptionField.Id ?? ""; set => SubscriptionField = new(value); }

    [JsonIgnore]
    public Subscription? Subscription { get => SubscriptionField.Value; set => SubscriptionField = new(value); }

    [JsonInclude, JsonPropertyName("subscription")]
    internal Expandable<Subscription> SubscriptionField { get; set; }
}
