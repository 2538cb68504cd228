using Billing.Catalog;
using Microsoft.Extensions.Options;

namespace Billing.Setup;

/// <summary>
/// The part of the configuration that a set-up needs, so that it can run before there is a database or a webhook secret.
/// </summary>
internal sealed class SetupSettings
{
    private SetupSettings(StripeOptions stripe, BillingOptions billing) => (Options, Catalog) = (stripe, new PlanCatalog(Microsoft.Extensions.Options.Options.Create(billing)));

    public StripeOptions Options { get; }

    public PlanCatalog Catalog { get; }

    /// <summary>Whether it is live mode that is set up.</summary>
    public bool IsLive => new StripeOptions { ApiKey = Key }.Livemode;

    private string Key => Options.SetupKey ?? Options.ApiKey;

    /// <summary>A client with the stronger key, if there is one.</summary>
    public Stripe.StripeClient Client(HttpClient http) =>
        new(Key, httpClient: new Stripe.SystemNetHttpClient(http, maxNetworkRetries: 2), apiBase: Options.ApiBase);

    /// <exception cref="OptionsValidationException">A setting that a set-up needs is missing or wrong; each failure names it and the fix.</exception>
    /// <exception cref="InvalidOperationException">A setting cannot be read; the binder's message names it.</exception>
    public static SetupSettings Read(IConfiguration configuration)
    {
        var stripe = Bind<StripeOptions>(configuration, StripeOptions.Section);
        return Of(stripe, Bind<BillingOptions>(configuration, BillingOptions.Section));
    }

    /// <exception cref="OptionsValidationException">A setting that a set-up needs is missing or wrong; each failure names it and the fix.</exception>
    public static SetupSettings Of(StripeOptions stripe, BillingOptions billing)
    {
        var wrong = stripe.WrongForSetup().Concat(BillingOptions.Validator.Plans(billing)).ToList();
        return wrong.Count == 0 ? new SetupSettings(stripe, billing) : throw new OptionsValidationException(nameof(SetupSettings), typeof(SetupSettings), wrong);
    }

    /// <param name="webhookUrl">Where Stripe reaches the service; null: <c>Stripe:WebhookUrl</c>.</param>
    /// <exception cref="OptionsValidationException">Stripe would deliver nothing there.</exception>
    public SetupScope Scope(string? webhookUrl)
    {
        var scope = new SetupScope { PortalConfiguration = Options.PortalConfiguration, WebhookUrl = webhookUrl ?? Options.WebhookUrl };
        return !IsLive || scope.WebhookUrl is null || scope.WebhookUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? scope
            : throw Wrong("The webhook's URL, given or of Stripe:WebhookUrl, is not https: Stripe delivers live events to https only; give such a URL.");
    }

    /// <summary>A wrong setting that only Stripe could tell.</summary>
    public static OptionsValidationException Wrong(string sentence) => new(nameof(SetupSettings), typeof(SetupSettings), [sentence]);

    private static T Bind<T>(IConfiguration configuration, string section) where T : new() =>
        configuration.GetSection(section).Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
}
