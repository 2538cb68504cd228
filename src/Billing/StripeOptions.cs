using Microsoft.Extensions.Options;

namespace Billing;

/// <summary>How to reach Stripe; configuration section <c>Stripe</c>.</summary>
internal sealed class StripeOptions
{
    public const string Section = "Stripe";

    /// <summary>The secret or restricted key; its prefix decides the mode of the whole service (DESIGN rule 12).</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>
    /// The stronger key of <c>billing stripe setup</c>, of the same mode; hosts need none. Default: none, which means <see cref="ApiKey"/>.
    /// </summary>
    public string? SetupKey { get; set => field = Given(value); }

    /// <summary>
    /// Where Stripe reaches the webhook, such as <c>https://billing.example.com/v1/billing/webhook</c>: for <c>stripe setup</c> and
    /// <c>check</c>. Default: none; then set-up leaves endpoints alone, and the check looks for one by its path.
    /// </summary>
    public string? WebhookUrl { get; set => field = Given(value); }

    /// <summary>Another base URL than Stripe's own, such as the sandbox's. Default: none.</summary>
    public string? ApiBase { get; set => field = Given(value); }

    /// <summary>The signing secrets of the webhook endpoint; more than one while it is being rolled. At least one.</summary>
    public IList<string> WebhookSecrets { get; } = [];

    /// <summary>The portal configuration (<c>bpc_</c>) of plan changes and portal links. Default: none, which means the account's default one.</summary>
    public string? PortalConfiguration { get; set => field = Given(value); }

    /// <summary>How long one attempt of one call may take. Default 20 s, 1 s to 80 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// What re-reads and reconciliation may ask of Stripe in a second, per host, so that buyers' calls find room in the account's limit (25 in
    /// test mode, 100 in live mode). Default 15, 1 to 100.
    /// </summary>
    public int BackgroundRequestsPerSecond { get; set; } = 15;

    public bool Livemode => IsLive(ApiKey);

    /// <summary>What is wrong for <c>stripe setup</c>, which needs one of the two keys and no webhook secret: it is what makes the endpoint.</summary>
    public IEnumerable<string> WrongForSetup()
    {
        if (SetupKey is null || ApiKey.Length > 0)
        {
            return WrongKeys().Concat(WrongAddresses());
        }
        return WrongSetupKey().Concat(WrongAddresses());
    }

    private IEnumerable<string> WrongKeys()
    {
        if (!IsSecretKey(ApiKey))
        {
            yield return "Stripe:ApiKey is missing or no secret key: set it to a key that starts with sk_test_, rk_test_, sk_live_ or rk_live_.";
        }
        else if (SetupKey is { } stronger && IsSecretKey(stronger) && IsLive(stronger) != Livemode)
        {
            yield return "Stripe:SetupKey is of another mode than Stripe:ApiKey: set both to test keys or both to live keys.";
        }
        foreach (var wrong in WrongSetupKey())
        {
            yield return wrong;
        }
    }

    private IEnumerable<string> WrongSetupKey()
    {
        if (SetupKey is { } stronger && !IsSecretKey(stronger))
        {
            yield return "Stripe:SetupKey is no secret key: set it to a key that starts with sk_test_, rk_test_, sk_live_ or rk_live_, or remove it.";
        }
    }

    private IEnumerable<string> WrongAddresses()
    {
        if (ApiBase is { } address && !IsWebAddress(address))
        {
            yield return "Stripe:ApiBase is not an absolute http(s) URL: correct it, or remove it to use Stripe itself.";
        }
        if (WebhookUrl is { } webhook && !IsWebAddress(webhook))
        {
            yield return "Stripe:WebhookUrl is not an absolute http(s) URL: set it to one such as https://billing.example.com/v1/billing/webhook, or remove it.";
        }
        if (PortalConfiguration is { } portal && !portal.StartsWith("bpc_", StringComparison.Ordinal))
        {
            yield return "Stripe:PortalConfiguration is no portal configuration: set it to an id that starts with bpc_, or remove it.";
        }
    }

    /// <summary>Absolute, and http or https.</summary>
    public static bool IsWebAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");

    /// <summary>A file of settings may name one and leave it empty.</summary>
    private static string? Given(string? setting) => string.IsNullOrWhiteSpace(setting) ? null : setting;

    private static bool IsLive(string key) => key.StartsWith("sk_live_", StringComparison.Ordinal) || key.StartsWith("rk_live_", StringComparison.Ordinal);

    private static bool IsSecretKey(string key) => !key.Any(char.IsWhiteSpace)
        && (IsLive(key) || key.StartsWith("sk_test_", StringComparison.Ordinal) || key.StartsWith("rk_test_", StringComparison.Ordinal));

    internal sealed class Validator : IValidateOptions<StripeOptions>
    {
        public ValidateOptionsResult Validate(string? name, StripeOptions options)
        {
            List<string> wrong = [.. options.WrongKeys(), .. options.WrongAddresses()];
            foreach (var (index, secret) in options.WebhookSecrets.DefaultIfEmpty("").Index())
            {
                if (secret.Length < 16 || secret.Any(char.IsWhiteSpace))
                {
                    wrong.Add($"Stripe:WebhookSecrets:{index} is missing, too short or holds white space: set it to the webhook endpoint's signing secret (whsec_...).");
                }
            }
            if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromSeconds(80))
            {
                wrong.Add("Stripe:Timeout is out of bounds: set it to a time from 00:00:01 to 00:01:20.");
            }
            if (options.BackgroundRequestsPerSecond is < 1 or > 100)
            {
                wrong.Add("Stripe:BackgroundRequestsPerSecond is out of bounds: set it to a number from 1 to 100.");
            }
            return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
        }
    }
}
