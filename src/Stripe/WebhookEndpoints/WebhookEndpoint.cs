namespace Stripe;

/// <summary>Where Stripe sends events (<c>we_</c>).</summary>
public sealed class WebhookEndpoint : StripeEntity<WebhookEndpoint>, IHasObject, IHasId
{
    public string Id { get; set; } = "";
    public string Object { get; set; } = "webhook_endpoint";
    public string? ApiVersion { get; set; }
    public List<string> EnabledEvents { get; set; } = [];
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; } = [];

    /// <summary>The signing secret (<c>whsec_</c>); only the answer to a create carries it.</summary>
    public string? Secret { get; set; }

    /// <summary><c>enabled</c> or <c>disabled</c>.</summary>
    public string Status { get; set; } = "";

    public string Url { get; set; } = "";
}
