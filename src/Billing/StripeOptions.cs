using Microsoft.Extensions.Options;

namespace Billing;

/// <summary>How to reach Stripe; configuration section <c>Stripe</c>.</summary>
internal sealed class StripeOptions
{
    public const string Section = "Stripe";

    /// <summary>The secret or restricted key; its prefix decides the mode of the whole service (DESIGN rule 12).</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Another base URL than Stripe's own, such as the sandbox's. Default: none.</summary>
    public string? ApiBase { get; set; }

    /// <summary>The signing secrets of the webhook endpoint; more than one while it is being rolled. At least one.</summary>
    public IList<string> WebhookSecrets { get; } = [];

    /// <summary>The portal configuration (<c>bpc_</c>) of plan changes and portal links. Default: none, which means the account's default one.</summary>
    public string? PortalConfiguration { get; set; }

    /// <summary>How long one attempt of one call may take. Default 20 s, 1 s to 80 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// What re-reads and reconciliation may ask of Stripe in a second, per host, so that buyers' calls find room in the account's limit (25 in
    /// test mode, 100 in live mode). Default 15, 1 to 100.
    /// </summary>
    public int BackgroundRequestsPerSecond { get; set; } = 15;

    public bool Livemode => ApiKey.StartsWith("sk_live_", StringComparison.Ordinal) || ApiKey.StartsWith("rk_live_", StringComparison.Ordinal);

    internal sealed class Validator : IValidateOptions<StripeOptions>
    {
        public ValidateOptionsResult Validate(string? name, StripeOptions options)
        {
            List<string> wrong = [];
            var isTestKey = options.ApiKey.StartsWith("sk_test_", StringComparison.Ordinal)
                || options.ApiKey.StartsWith("rk_test_", StringComparison.Ordinal);
            if (!(options.Livemode || isTestKey) || options.ApiKey.Any(char.IsWhiteSpace))
            {
                wrong.Add("Stripe:ApiKey is missing or no secret key: set it to a key that starts with sk_test_, rk_test_, sk_live_ or rk_live_.");
            }
            if (options.ApiBase is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            {
                wrong.Add("Stripe:ApiBase is not an absolute http(s) URL: correct it, or remove it to use Stripe itself.");
            }
            foreach (var (index, secret) in options.WebhookSecrets.DefaultIfEmpty("").Index())
            {
                if (secret.Length < 16 || secret.Any(char.IsWhiteSpace))
                {
                    wrong.Add($"Stripe:WebhookSecrets:{index} is missing, too short or holds white space: set it to the webhook endpoint's signing secret (whsec_...).");
                }
            }
            if (options.PortalConfiguration is { } portal && !portal.StartsWith("bpc_", StringComparison.Ordinal))
            {
                wrong.Add("Stripe:PortalConfiguration is no portal configuration: set it to an id that starts with bpc_, or remove it.");
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
