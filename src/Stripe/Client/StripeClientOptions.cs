namespace Stripe;

/// <summary>The settings of a <see cref="StripeClient"/>.</summary>
public sealed class StripeClientOptions
{
    /// <summary>The secret or restricted key. It also decides the mode, test or live.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Unset means a <see cref="SystemNetHttpClient"/> with its defaults.</summary>
    public IHttpClient? HttpClient { get; set; }

    /// <summary>Absolute http or https URL; may carry a path prefix. Unset means <c>https://api.stripe.com</c>.</summary>
    public string? ApiBase { get; set; }
}
