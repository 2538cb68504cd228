using Microsoft.Extensions.Options;

namespace Billing.Doctor.Checks;

/// <summary>What the configuration allows and should not hold; what it does not allow stops the start with a sentence of its own.</summary>
internal sealed class SettingsCheck(IOptions<BillingOptions> billing, IOptions<StripeOptions> stripe, IHostEnvironment environment) : ICheck
{
    /// <summary>Thirty-two random bytes have fewer different ones than this once in far more than a million keys.</summary>
    private const int FewestDifferentBytes = 20;

    public Source Source => Source.Configuration;

    public string Subject => "settings";

    public Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([.. Keys(), .. Secrets(), .. Modes(), .. Origins()]);

    private IEnumerable<Finding> Keys()
    {
        foreach (var (index, key) in billing.Value.SigningKeys.Index())
        {
            if (Convert.FromBase64String(key.Secret).Distinct().Count() < FewestDifferentBytes)
            {
                yield return FindingKinds.SigningKeyWeak.Found($"Billing:SigningKeys:{index}:Secret does not look random.");
            }
        }
        if (billing.Value.SigningKeys.Count > 1)
        {
            yield return FindingKinds.SigningKeysRetired.Found($"Billing:SigningKeys holds {billing.Value.SigningKeys.Count - 1} besides the one that signs.");
        }
    }

    private IEnumerable<Finding> Secrets() =>
        from secret in stripe.Value.WebhookSecrets.Index()
        where !secret.Item.StartsWith("whsec_", StringComparison.Ordinal)
        select FindingKinds.WebhookSecret.Found($"Stripe:WebhookSecrets:{secret.Index} is no signing secret of an endpoint.");

    private IEnumerable<Finding> Modes()
    {
        if (environment.IsProduction() && !stripe.Value.Livemode)
        {
            yield return FindingKinds.ModeTest.Found("Stripe:ApiKey is a test key in production: nobody pays with money.");
        }
        if (!environment.IsProduction() && stripe.Value.Livemode)
        {
            yield return FindingKinds.ModeLive.Found($"Stripe:ApiKey is a live key in {environment.EnvironmentName}: buyers pay with money.");
        }
        if (environment.IsProduction() && stripe.Value is { Livemode: true, ApiBase: { } address })
        {
            yield return FindingKinds.StripeBase.Found($"Stripe:ApiBase is {address}, so calls with a live key do not go to Stripe.");
        }
    }

    /// <summary>http is refused in production by the options; this is about other environments that take real money, and about loopback.</summary>
    private IEnumerable<Finding> Origins()
    {
        var origins = Named("Billing:RedirectOrigins", billing.Value.RedirectOrigins).Concat(Named("Billing:CorsOrigins", billing.Value.CorsOrigins));
        foreach (var (setting, origin) in origins)
        {
            if (stripe.Value.Livemode && origin.Scheme != Uri.UriSchemeHttps)
            {
                yield return FindingKinds.OriginInsecure.Found($"{setting} is {origin.OriginalString} and Stripe:ApiKey a live key.");
            }
            if (origin.IsLoopback && (environment.IsProduction() || stripe.Value.Livemode))
            {
                yield return FindingKinds.OriginLocal.Found($"{setting} is {origin.OriginalString}, where no buyer is.");
            }
        }

        static IEnumerable<(string Setting, Uri Origin)> Named(string list, IEnumerable<string> origins) =>
            origins.Select((origin, index) => ($"{list}:{index}", new Uri(origin)));
    }
}
