using Billing.Catalog;
using Microsoft.Extensions.Options;

namespace Billing;

/// <summary>What is sold and under which rules; configuration section <c>Billing</c>.</summary>
internal sealed class BillingOptions
{
    public const string Section = "Billing";

    /// <summary>The plans for sale by id, such as <c>Billing:Plans:pro</c>. At least one; <c>free</c> is built in and not listed.</summary>
    public Dictionary<string, PlanOptions> Plans { get; } = [];

    /// <summary>Credits for sale apart from plans. Default: none.</summary>
    public TopUpOptions TopUps { get; } = new();

    /// <summary>Credits that each month of the free plan brings, counted from when the org was made. Default 0.</summary>
    public long FreeMonthlyCredits { get; set; }

    /// <summary>The plan of a checkout that names none. Default: none, so that one must be named.</summary>
    public string? DefaultPlan { get; set; }

    /// <summary>Where Stripe may send the buyer back to: origins such as <c>https://app.example.com</c>. At least one.</summary>
    public IList<string> RedirectOrigins { get; } = [];

    /// <summary>Where the buyer lands after paying, unless the request says so. On one of <see cref="RedirectOrigins"/>.</summary>
    public string SuccessUrl { get; set; } = "";

    /// <summary>Where the buyer lands after giving up, unless the request says so. On one of <see cref="RedirectOrigins"/>.</summary>
    public string CancelUrl { get; set; } = "";

    /// <summary>Where the billing portal leads back to, unless the request says so. Default: <see cref="CancelUrl"/>.</summary>
    public string PortalReturnUrl { get; set; } = "";

    /// <summary>Whether the payment page of a plan takes promotion codes; top-ups never do. Default false.</summary>
    public bool AllowPromotionCodes { get; set; }

    /// <summary>Whether Stripe Tax works out the tax of what is sold; it must be set up at Stripe. Default false.</summary>
    public bool AutomaticTax { get; set; }

    /// <summary>The keys that sign session metadata and browser tokens: the first signs, all verify, so that a key can be rotated. At least one.</summary>
    public IList<SigningKeyOptions> SigningKeys { get; } = [];

    /// <summary>How long a past-due org keeps its plan after the unpaid period began. Default 30 days, 0 to 90 days.</summary>
    public TimeSpan PastDueGrace { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long plan credits outlive their month, as a renewal is paid an hour or more late. Default 72 h, 2 h to 10 days.</summary>
    public TimeSpan RenewalGrace { get; set; } = TimeSpan.FromHours(72);

    /// <summary>How long a checkout page can be paid on. Default 23 h, 2 h to 23 h: Stripe allows 24 h from its own clock.</summary>
    public TimeSpan CheckoutLifetime { get; set; } = TimeSpan.FromHours(23);

    /// <summary>Pages of which origins may call the API from a browser. Default: none, and then no CORS header is ever sent.</summary>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>Whether a host runs the checks of <c>billing check</c> once when it has started, and logs what they find. Default true.</summary>
    public bool CheckAtStart { get; set; } = true;

    public RateLimitOptions RateLimits { get; } = new();

    public ReconciliationOptions Reconciliation { get; } = new();

    public RetentionOptions Retention { get; } = new();

    internal sealed class Validator(IHostEnvironment environment, IConfiguration configuration) : IValidateOptions<BillingOptions>
    {
        public ValidateOptionsResult Validate(string? name, BillingOptions options)
        {
            var wrong = Lists().Concat(Plans(options)).Concat(Urls(options)).Concat(Keys(options)).Concat(Times(options))
                .Concat(options.RateLimits.Wrong()).Concat(options.Reconciliation.Wrong()).Concat(options.Retention.Wrong()).ToList();
            return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
        }

        /// <summary>A text beside the entries of a list, which the binder skips without a word; it refuses one in their place.</summary>
        private IEnumerable<string> Lists() =>
            from list in new[] { nameof(RedirectOrigins), nameof(CorsOrigins) }
            where configuration[$"{Section}:{list}"] is { Length: > 0 }
            select $"{Section}:{list} is a text and not a list: remove it, and set {Section}:{list}:0, :1 and so on, one origin each.";

        public static IEnumerable<string> Plans(BillingOptions options)
        {
            if (options.Plans.Count == 0)
            {
                yield return "Billing:Plans is empty: configure at least one plan, such as Billing:Plans:pro:Rank and Billing:Plans:pro:Monthly:LookupKey.";
            }
            foreach (var wrong in options.Plans.SelectMany(plan => plan.Value.Wrong($"Billing:Plans:{plan.Key}", plan.Key)))
            {
                yield return wrong;
            }
            foreach (var twice in options.Plans.Values.SelectMany(plan => plan.Prices).GroupBy(price => price.Name).Where(g => g.Key.Length > 0 && g.Count() > 1))
            {
                yield return $"Billing:Plans uses the price '{twice.Key}' twice: give each its own LookupKey or PriceId.";
            }
            if (options.FreeMonthlyCredits is < 0 or > TopUpOptions.MostCredits)
            {
                yield return $"Billing:FreeMonthlyCredits is out of bounds: set it to 0 to {TopUpOptions.MostCredits}.";
            }
            foreach (var wrong in options.TopUps.Wrong("Billing:TopUps"))
            {
                yield return wrong;
            }
            if (options.DefaultPlan is { } chosen && !options.Plans.ContainsKey(chosen))
            {
                yield return "Billing:DefaultPlan names a plan that is not in Billing:Plans: name one of those, or remove it.";
            }
        }

        private IEnumerable<string> Urls(BillingOptions options)
        {
            var redirects = new Checkout.RedirectUrls(options, environment);
            if (options.RedirectOrigins.Count == 0 || options.RedirectOrigins.Any(origin => !redirects.IsOrigin(origin)))
            {
                yield return "Billing:RedirectOrigins is empty or holds what is no origin: list origins such as https://app.example.com (http only for loopback in development).";
            }
            else if (!redirects.IsAllowed(options.SuccessUrl))
            {
                yield return "Billing:SuccessUrl is missing or not on one of Billing:RedirectOrigins: set it to the page that posts session_id to /v1/billing/activate.";
            }
            else if (!redirects.IsAllowed(options.CancelUrl))
            {
                yield return "Billing:CancelUrl is missing or not on one of Billing:RedirectOrigins: set it to the page for buyers who gave up.";
            }
            else if (options.PortalReturnUrl.Length > 0 && !redirects.IsAllowed(options.PortalReturnUrl))
            {
                yield return "Billing:PortalReturnUrl is not on one of Billing:RedirectOrigins: set it to your billing page, or remove it.";
            }
            if (options.CorsOrigins.Any(origin => !redirects.IsOrigin(origin)))
            {
                yield return "Billing:CorsOrigins holds what is no origin: list origins such as https://app.example.com (http only for loopback in development; no *).";
            }
        }

        private static IEnumerable<string> Keys(BillingOptions options)
        {
            if (options.SigningKeys.Count == 0 || options.SigningKeys.Any(key => !key.IsValid))
            {
                yield return "Billing:SigningKeys:0 is missing or weak: set Id to 1-16 letters or digits and Secret to at least 32 random bytes in base64 (openssl rand -base64 32).";
            }
            else if (options.SigningKeys.Select(key => key.Id).Distinct().Count() != options.SigningKeys.Count)
            {
                yield return "Billing:SigningKeys uses an Id twice: give each key its own.";
            }
        }

        private static IEnumerable<string> Times(BillingOptions options)
        {
            if (options.PastDueGrace < TimeSpan.Zero || options.PastDueGrace > TimeSpan.FromDays(90))
            {
                yield return "Billing:PastDueGrace is out of bounds: set it to 0 to 90 days, such as 30.00:00:00.";
            }
            if (options.RenewalGrace < TimeSpan.FromHours(2) || options.RenewalGrace > TimeSpan.FromDays(10))
            {
                yield return "Billing:RenewalGrace is out of bounds: set it to 2 hours to 10 days, such as 3.00:00:00.";
            }
            if (options.CheckoutLifetime < TimeSpan.FromHours(2) || options.CheckoutLifetime > TimeSpan.FromHours(23))
            {
                yield return "Billing:CheckoutLifetime is out of bounds: set it to 02:00:00 to 23:00:00.";
            }
        }
    }
}

/// <summary>A key for the HMAC in session metadata, and to derive others from.</summary>
internal sealed class SigningKeyOptions
{
    /// <summary>Named in each signature; 1 to 16 letters or digits.</summary>
    public string Id { get; set; } = "";

    /// <summary>At least 32 random bytes in base64.</summary>
    public string Secret { get; set; } = "";

    public bool IsValid =>
        Id.Length is >= 1 and <= 16 && Id.All(char.IsAsciiLetterOrDigit) && TryDecode(Secret) is { Length: >= 32 };

    private static byte[]? TryDecode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }
}
