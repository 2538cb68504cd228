using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>
/// Something that happened at Stripe (<c>evt_</c>). Delivered at least once and in no order; times have one second of
/// resolution.
/// </summary>
public sealed class Event : StripeEntity<Event>, IHasObject, IHasId
{
    public string Id { get; set; } = "";

    [JsonRequired]
    public string Object { get; set; } = "event";

    /// <summary>The connected account that it happened in; null for our own.</summary>
    public string? Account { get; set; }

    /// <summary>The version that <see cref="Data"/> is rendered in: that of the endpoint, not of our calls.</summary>
    public string? ApiVersion { get; set; }

    public DateTime Created { get; set; }
    public EventData Data { get; set; } = new();

    /// <summary>An event that does not say so is none.</summary>
    [JsonRequired]
    public bool Livemode { get; set; }

    public long PendingWebhooks { get; set; }

    /// <summary>The call that caused it; the ids inside are null when Stripe acted by itself.</summary>
    public EventRequest? Request { get; set; }

    /// <summary>One of <see cref="EventTypes"/>, or any other: ignore what you do not know.</summary>
    public string Type { get; set; } = "";
}
