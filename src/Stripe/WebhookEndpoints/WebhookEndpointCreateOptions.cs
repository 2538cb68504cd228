namespace Stripe;

public sealed class WebhookEndpointCreateOptions : BaseOptions
{
    /// <summary>Fixed at creation; unset means the default version of the account.</summary>
    public string? ApiVersion { get; set; }

    public string? Description { get; set; }

    /// <summary>Event types, or <c>*</c>.</summary>
    public List<string>? EnabledEvents { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }
    public string? Url { get; set; }
}
