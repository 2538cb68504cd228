using static Billing.Doctor.Severity;

namespace Billing.Doctor;

/// <summary>Every kind of finding. <c>docs/setup.md</c> explains each; a test holds it to this table.</summary>
internal static class FindingKinds
{
    private const string RunSetup = "Run 'billing stripe setup'.";

    private const string RunSetupForPrice = "Run 'billing stripe setup', or correct the plan's price in the configuration.";

    private const string RunSetupWithUrl = "Run 'billing stripe setup --webhook-url URL' with the service's public address.";

    public static readonly FindingKind PriceMissing = new("price_missing", Error, RunSetupForPrice);
    public static readonly FindingKind PriceInactive = new("price_inactive", Error, RunSetupForPrice);
    public static readonly FindingKind PriceAmount = new("price_amount", Error, RunSetupForPrice);
    public static readonly FindingKind PriceCurrency = new("price_currency", Error, RunSetupForPrice);
    public static readonly FindingKind PriceInterval = new("price_interval", Error, RunSetupForPrice);
    public static readonly FindingKind ProductInactive = new("product_inactive", Error, RunSetup);

    public static readonly FindingKind WebhookMissing = new("webhook_missing", Error, RunSetupWithUrl);
    public static readonly FindingKind WebhookDisabled = new("webhook_disabled", Error, RunSetupWithUrl);
    public static readonly FindingKind WebhookEvents = new("webhook_events", Error, RunSetupWithUrl);
    public static readonly FindingKind WebhookVersion = new("webhook_version", Error, RunSetupWithUrl);
    public static readonly FindingKind WebhookTwice = new("webhook_twice", Warning, RunSetupWithUrl);
    public static readonly FindingKind WebhookSecret = new("webhook_secret", Error,
        "Set it to the endpoint's signing secret, which starts with whsec_ and is in Stripe's dashboard beside the endpoint.");
    public static readonly FindingKind WebhookSecretUnseen = new("webhook_secret_unseen", Error, RunSetupWithUrl);

    public static readonly FindingKind PortalMissing = new("portal_missing", Error,
        "Run 'billing stripe setup' and put the id that it prints into Stripe:PortalConfiguration.");
    public static readonly FindingKind PortalInactive = new("portal_inactive", Error, RunSetup);
    public static readonly FindingKind PortalPrices = new("portal_prices", Error,
        "Run 'billing stripe setup' and put the id that it prints into Stripe:PortalConfiguration.");
    public static readonly FindingKind PortalTerms = new("portal_terms", Error, RunSetup);

    public static readonly FindingKind StripeUnreachable = new("stripe_unreachable", Error,
        "Let this machine reach Stripe:ApiBase, by default https://api.stripe.com, and look at status.stripe.com.");
    public static readonly FindingKind StripeKeyRefused = new("stripe_key_refused", Error,
        "Set Stripe:ApiKey to a key of the account that is neither revoked nor expired.");
    public static readonly FindingKind StripeKeyPermission = new("stripe_key_permission", Warning,
        "Let the restricted key read this, in Stripe's dashboard, or run the check with a key that may.");
    public static readonly FindingKind StripeBase = new("stripe_base", Error, "Remove Stripe:ApiBase.");

    public static readonly FindingKind ClockSkew = new("clock_skew", Error,
        "Synchronize this machine's clock (NTP): from five minutes on every webhook is refused.");
    public static readonly FindingKind ClockDrift = new("clock_drift", Warning, "Synchronize this machine's clock (NTP).");
    public static readonly FindingKind DatabaseClock = new("database_clock", Warning, "Synchronize the clocks of this machine and of the database's (NTP).");

    public static readonly FindingKind ModeMixed = new("mode_mixed", Error, "Set Stripe:ApiKey to a key of the mode that the service is for.");
    public static readonly FindingKind ModeDatabase = new("mode_database", Error, "Give each mode a database of its own, or set Stripe:ApiKey back to the former mode.");
    public static readonly FindingKind ModeTest = new("mode_test", Warning, "Set Stripe:ApiKey to a live key, or ASPNETCORE_ENVIRONMENT to what this is.");
    public static readonly FindingKind ModeLive = new("mode_live", Warning, "Set ASPNETCORE_ENVIRONMENT to Production, or Stripe:ApiKey to a test key.");

    public static readonly FindingKind SigningKeyWeak = new("signing_key_weak", Error,
        "Put a random key first in Billing:SigningKeys (openssl rand -base64 32), and remove this one 15 days later.");
    public static readonly FindingKind SigningKeysRetired = new("signing_keys_retired", Warning,
        "Remove a key that has not been first for 15 days: nothing that it signed can be used any more.");

    public static readonly FindingKind OriginInsecure = new("origin_insecure", Error, "Use an https origin.");
    public static readonly FindingKind OriginLocal = new("origin_local", Error, "Use the public origin of the application.");

    public static readonly FindingKind DatabaseUnreachable = new("database_unreachable", Error,
        "Correct ConnectionStrings:Billing, or start the database and let this machine reach it.");
    public static readonly FindingKind DatabaseMigrations = new("database_migrations", Error, "Run 'billing migrate' as the schema's owner.");
    public static readonly FindingKind DatabaseGrants = new("database_grants", Error, "Grant the role what docs/migrations.md lists.");
    public static readonly FindingKind DatabaseSuperuser = new("database_superuser", Warning,
        "Serve under a role of its own with the grants that docs/migrations.md lists.");
    public static readonly FindingKind DatabaseRole = new("database_role", Warning,
        "Serve under another role than the schema's owner, with the grants that docs/migrations.md lists.");
    public static readonly FindingKind DatabasePooler = new("database_pooler", Warning,
        "Set max_prepared_statements of PgBouncer (1.21 or newer), or Max Auto Prepare=0 in ConnectionStrings:Billing.");

    public static IReadOnlyList<FindingKind> All { get; } =
    [
        PriceMissing, PriceInactive, PriceAmount, PriceCurrency, PriceInterval, ProductInactive,
        WebhookMissing, WebhookDisabled, WebhookEvents, WebhookVersion, WebhookTwice, WebhookSecret, WebhookSecretUnseen,
        PortalMissing, PortalInactive, PortalPrices, PortalTerms,
        StripeUnreachable, StripeKeyRefused, StripeKeyPermission, StripeBase,
        ClockSkew, ClockDrift, DatabaseClock, ModeMixed, ModeDatabase, ModeTest, ModeLive,
        SigningKeyWeak, SigningKeysRetired, OriginInsecure, OriginLocal,
        DatabaseUnreachable, DatabaseMigrations, DatabaseGrants, DatabaseSuperuser, DatabaseRole, DatabasePooler,
    ];
}
