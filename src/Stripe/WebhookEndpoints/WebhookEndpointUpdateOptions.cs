namespace Stripe;

public sealed class WebhookEndpointUpdateOptions : BaseOptions
{
    public string? Description { get; set; }

    /// <summary>True stops deliveries, false takes them up again.</summary>
    public bool? Disabled { get; set; }

    public List<string>? EnabledEvents { get; set; }
    public Dictionary<string, string>? Metadata { get; set; }
    public string? Url { get; set; }
}
