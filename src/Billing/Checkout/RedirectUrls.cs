using Microsoft.Extensions.Options;

namespace Billing.Checkout;

/// <summary>
/// Where a buyer may be sent: https (http only for loopback outside production) on a configured origin. Anything else would make
/// our checkout links an open redirect (FACTS F.5).
/// </summary>
internal sealed class RedirectUrls(BillingOptions options, IHostEnvironment environment)
{
    public const int MaxLength = 2048;

    public RedirectUrls(IOptions<BillingOptions> options, IHostEnvironment environment) : this(options.Value, environment)
    {
    }

    public string DefaultSuccess => options.SuccessUrl;

    /// <summary>The allowed URL as Stripe gets it, without a session's id, or the configured one.</summary>
    public string SuccessUrl(string? allowed) => new Uri(allowed ?? options.SuccessUrl).AbsoluteUri;

    /// <summary>The allowed URL as Stripe gets it, or the configured one.</summary>
    public string CancelUrl(string? allowed) => new Uri(allowed ?? options.CancelUrl).AbsoluteUri;

    /// <summary>Where the portal leads back to: the allowed URL, or the configured one.</summary>
    public string PortalReturnUrl(string? allowed) =>
        new Uri(allowed ?? (options.PortalReturnUrl.Length > 0 ? options.PortalReturnUrl : options.CancelUrl)).AbsoluteUri;

    public bool IsOrigin(string text) => TryParse(text) is { } url && url.GetLeftPart(UriPartial.Authority) == text;

    public bool IsAllowed(string text) =>
        TryParse(text) is { } url && options.RedirectOrigins.Contains(url.GetLeftPart(UriPartial.Authority));

    /// <summary>
    /// The URL as Stripe gets it: with <c>session_id={CHECKOUT_SESSION_ID}</c> added to the query, braces unescaped as Stripe replaces the
    /// literal text (FACTS B.3), in place of any that is there. Built from the parsed URL, so that Stripe cannot read it another way than
    /// the allow-list did.
    /// </summary>
    public static string WithSessionId(string allowed)
    {
        var url = new Uri(allowed);
        var path = url.GetLeftPart(UriPartial.Path);
        var query = string.Join('&', url.Query[Math.Min(1, url.Query.Length)..].Split('&').Where(parameter => !IsSessionId(parameter)));
        return $"{path}?{(query is "" ? "" : query + "&")}session_id={{CHECKOUT_SESSION_ID}}{url.Fragment}";
    }

    private static bool IsSessionId(string parameter) => Uri.UnescapeDataString(parameter.Split('=')[0]) == "session_id";

    private Uri? TryParse(string text)
    {
        if (text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.AbsoluteUri.Length > MaxLength
            || url.UserInfo.Length > 0)
        {
            return null;
        }
        var secure = url.Scheme == Uri.UriSchemeHttps;
        var local = url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && !environment.IsProduction();
        return secure || local ? url : null;
    }
}
